extension AvailableReplica {
    typealias StreamRange = ReplicaMessage.StreamRange

    static var blankRun: ReplicaMessage.Run { ReplicaMessage.Run(stream: 0, origin: 0, first: 0, last: 0) }
    private static var blankVector: ReplicaMessage.StreamVector {
        ReplicaMessage.StreamVector(stream: 0, vector: VersionVector())
    }

    /// The streams of a bucket, those included that are not known here; none if there can be none.
    func streams(in bucket: Int) -> StreamRange {
        let steps = (settings.streams - 1 - bucket) / settings.buckets
        return StreamRange(first: UInt32(bucket), last: UInt32(bucket + steps * settings.buckets))
    }

    /// Those of them that may be known here.
    private func numbers(of range: StreamRange) -> StrideThrough<Int> {
        stride(from: Int(range.first), through: min(Int(range.last), streams.count - 1), by: settings.buckets)
    }

    /// Tells what is known here of some streams, in as many messages as it takes.
    mutating func vectors(of range: StreamRange, isAnswer: Bool, to peer: UInt8) -> [ReplicaMessage] {
        var replies: [ReplicaMessage] = []
        var known = MessageItems(blank: Self.blankVector)
        var first = range.first
        for stream in numbers(of: range) where !streams[stream].vector.isZero {
            if known.count == settings.messageItems {
                let part = StreamRange(first: first, last: UInt32(stream - settings.buckets))
                replies.append(message(to: peer, .vectors(.init(range: part, known: known, isAnswer: isAnswer))))
                known = MessageItems(blank: Self.blankVector)
                first = UInt32(stream)
            }
            known.append(.init(stream: UInt32(stream), vector: streams[stream].vector))
        }
        let part = StreamRange(first: first, last: range.last)
        replies.append(message(to: peer, .vectors(.init(range: part, known: known, isAnswer: isAnswer))))
        return replies
    }

    /// Sends what the other node lacks, and asks for what is lacking here.
    mutating func compare(
        _ theirs: ReplicaMessage.Vectors, with peer: UInt8, in arena: EntryArena
    ) -> [ReplicaMessage] {
        var replies: [ReplicaMessage] = []
        if let entries = missing(in: theirs, in: arena) { replies.append(message(to: peer, .entries(entries))) }
        guard !theirs.isAnswer else { return replies }
        let lacking = theirs.known.filter { !vector(of: $0.stream).covers($0.vector) }.map(\.stream)
        if let first = lacking.min(), let last = lacking.max() {
            replies += vectors(of: StreamRange(first: first, last: last), isAnswer: true, to: peer)
        }
        return replies
    }

    /// Entries that the other node lacks, as many as a message holds; nil if it lacks none.
    private func missing(in theirs: ReplicaMessage.Vectors, in arena: EntryArena) -> ReplicaMessage.Entries? {
        var runs = MessageItems(blank: Self.blankRun)
        var room = settings.messageEntries
        for stream in numbers(of: theirs.range) {
            let vector = theirs.known.vector(of: stream)
            guard !vector.covers(streams[stream].vector) else { continue }
            if !add(UInt32(stream), beyond: vector, to: &runs, &room, in: arena) {
                return .init(runs: runs, rest: StreamRange(first: UInt32(stream), last: theirs.range.last))
            }
        }
        return runs.isEmpty ? nil : .init(runs: runs, rest: nil)
    }

    /// Adds entries of a stream in their order, so that none comes early; false if there is not room for all.
    private func add(
        _ stream: UInt32, beyond vector: VersionVector, to runs: inout MessageItems<ReplicaMessage.Run>,
        _ room: inout Int, in arena: EntryArena
    ) -> Bool {
        for number in arena.walk(stream, from: vector, through: streams[Int(stream)].vector) {
            guard let entry = arena[number], room > 0 else { return false }
            let place = runs.firstIndex { $0.stream == stream && $0.origin == entry.origin }
            guard place != nil || runs.count < settings.messageItems else { return false }
            runs.extend(with: entry, at: place)
            room -= 1
        }
        return true
    }

    /// Takes entries that came; asks on where there is more of them, and where something before them is lacking.
    mutating func take(
        _ entries: ReplicaMessage.Entries, from peer: UInt8, in arena: EntryArena
    ) -> [ReplicaMessage] {
        let learnedBefore = totals.entriesLearned
        var early: [UInt32] = []
        for number in arena.numbers(of: entries.runs, atMost: settings.messageEntries) {
            if take(number, in: arena) == .early, let stream = arena[number]?.stream { early.append(stream) }
        }
        early += lacking(entries.runs, in: arena)
        // Only news are asked on for: else a message that comes twice would start a second chain of questions.
        let isNews = totals.entriesLearned > learnedBefore
        var replies: [ReplicaMessage] = []
        if isNews, let rest = entries.rest { replies += vectors(of: rest, isAnswer: true, to: peer) }
        for (index, stream) in early.enumerated() where !early[..<index].contains(stream) {
            replies += vectors(of: StreamRange(first: stream, last: stream), isAnswer: true, to: peer)
        }
        return replies
    }

    /// The streams of those runs of which nothing is in the arena: one of a node's own takes nothing that comes early.
    private mutating func lacking(_ runs: MessageItems<ReplicaMessage.Run>, in arena: EntryArena) -> [UInt32] {
        var streams: [UInt32] = []
        for run in runs where Int(run.stream) < settings.streams && run.count > 0 {
            guard arena.number(of: run.stream, run.origin, run.first) == nil else { continue }
            totals.entriesEarly += UInt64(min(run.count, settings.messageEntries))
            streams.append(run.stream)
        }
        return streams
    }
}

extension MessageItems<ReplicaMessage.StreamVector> {
    /// What is known of a stream: nothing, if it is not listed.
    func vector(of stream: Int) -> VersionVector {
        first { Int($0.stream) == stream }?.vector ?? VersionVector()
    }
}

extension MessageItems<ReplicaMessage.Run> {
    /// Adds an entry to the run of its stream and origin, or a new run.
    mutating func extend(with entry: ReplicatedEntry, at place: Int?) {
        let first = place.map { self[$0].first } ?? entry.counter
        let run = ReplicaMessage.Run(
            stream: entry.stream, origin: entry.origin, first: first, last: entry.counter)
        if let place { replace(at: place, with: run) } else { append(run) }
    }
}
