extension AvailableReplica {
    /// An event in the history of a stream.
    public struct HistoryLine: Hashable, Sendable {
        /// The entry: of several that hold one event, the first.
        public let entry: UInt32
        /// Whether it counts no more, because the last writer did not know of it.
        public let isSuperseded: Bool
    }

    /// The events of a stream in the order of all nodes: who knows the same reads the same.
    ///
    /// Where the last writer wins, what counts is the last event, what was last when it was made, and so on: a history
    /// as somebody saw it, never one that is made up of both sides.
    public func history(of stream: UInt32, in arena: EntryArena) -> [HistoryLine] {
        let numbers = Array(arena.walk(stream, from: VersionVector(), through: vector(of: stream)))
        let counts = standings(of: numbers, stream, in: arena)
        guard hasCopies(stream) else {
            return zip(numbers, counts).map { HistoryLine(entry: $0, isSuperseded: !$1) }
        }
        var lines: [HistoryLine] = []
        for (place, number) in numbers.enumerated() {
            let copies = copies(of: number, in: arena)
            let places = copies.count > 1 ? copies.compactMap { numbers.firstIndex(of: $0) } : [place]
            guard places.min() == place else { continue }
            lines.append(HistoryLine(entry: number, isSuperseded: !places.contains { counts[$0] }))
        }
        return lines
    }

    /// Which of a stream's entries count.
    private func standings(of numbers: [UInt32], _ stream: UInt32, in arena: EntryArena) -> [Bool] {
        guard settings.resolution == .lastWriterWins else { return numbers.map { _ in true } }
        var counts = numbers.map { _ in false }
        var wanted = numbers.last
        for index in numbers.indices.reversed() where numbers[index] == wanted {
            counts[index] = true
            wanted = arena[numbers[index]].flatMap { arena.last(of: stream, knownTo: $0.upon) }
        }
        return counts
    }
}
