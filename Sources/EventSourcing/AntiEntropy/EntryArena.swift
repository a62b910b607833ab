import Timeline

/// Where the entries of a cluster lie, each once, under a number that never changes.
///
/// Nodes and messages only name entries. In a simulation all nodes share one arena, and a node sees no more of it than
/// what its vectors say that it knows. A node of a real cluster has its own, and adds what comes with a message before
/// it hands the message to its replica; if it loses it, it must come back under another number, since nobody is left
/// to tell it which counters it has used. Nothing is ever changed or removed; flat arrays of trivial elements.
public struct EntryArena: Hashable, Sendable {
    private var entries: [ReplicatedEntry] = []
    private var byPlace = EntryIndex()
    private var byEvent = EntryIndex()
    /// For each entry the latest of its origin's in its stream, up to itself, that settles.
    private var settlers: [UInt32] = []

    /// An arena without entries.
    public init() {}

    /// How many entries there are; their numbers are the smaller ones.
    public var count: Int { entries.count }

    /// The entry of a number; nil if there is none.
    public subscript(number: UInt32) -> ReplicatedEntry? {
        Int(number) < entries.count ? entries[Int(number)] : nil
    }

    /// The number of an entry; nil if it is not here.
    public func number(of stream: UInt32, _ origin: UInt8, _ counter: UInt32) -> UInt32? {
        byPlace.first(Self.hash(stream, origin, counter)) { number in
            let entry = entries[Int(number)]
            return entry.counter == counter && entry.stream == stream && entry.origin == origin
        }
    }

    /// Adds an entry behind the earlier ones of its origin in its stream; returns its number, the old one if it was
    /// there.
    ///
    /// Nil if it cannot be such an entry: its origin's earlier ones are not here, or know more than it does, or are not
    /// before it in time; or another entry has its place.
    public mutating func add(_ entry: ReplicatedEntry) -> UInt32? {
        if let number = number(of: entry.stream, entry.origin, entry.counter) {
            return entries[Int(number)] == entry ? number : nil
        }
        guard isPossible(entry), entries.count < Int(EntryIndex.empty) else { return nil }
        var settler = EntryIndex.empty
        if entry.counter > 1 {
            let previous = number(of: entry.stream, entry.origin, entry.counter - 1)
            guard let previous, isFollowed(entries[Int(previous)], by: entry) else { return nil }
            settler = settlers[Int(previous)]
        }
        let number = UInt32(entries.count)
        entries.append(entry)
        settlers.append(entry.settles ? number : settler)
        byPlace.addLast(of: entries) { Self.hash($0.stream, $0.origin, $0.counter) }
        byEvent.addLast(of: entries) { Self.hash($0.stream, $0.event) }
        return number
    }

    private func isPossible(_ entry: ReplicatedEntry) -> Bool {
        Int(entry.origin) < VersionVector.nodeLimit && entry.counter >= 1
            && entry.upon[Int(entry.origin)] == entry.counter - 1 && (1..<UInt64.max).contains(entry.lamport)
    }

    private func isFollowed(_ previous: ReplicatedEntry, by entry: ReplicatedEntry) -> Bool {
        entry.upon.covers(previous.upon) && previous.lamport < entry.lamport
    }

    private static func hash(_ stream: UInt32, _ origin: UInt8, _ counter: UInt32) -> UInt64 {
        var digest = Digest()
        digest.mix(UInt64(stream) << 32 | UInt64(counter), UInt64(origin))
        return digest.value
    }

    private static func hash(_ stream: UInt32, _ event: EventID) -> UInt64 {
        var digest = Digest()
        digest.mix(event.high, UInt64(stream))
        digest.mix(event.low)
        return digest.value
    }
}

extension EntryArena {
    /// The entries with which an event was appended to a stream, in order of their numbers, as far as they are known to
    /// who has this vector. More than one if it was appended to several nodes that did not know of each other.
    public func copies(of event: EventID, in stream: UInt32, knownTo vector: VersionVector) -> [UInt32] {
        var copies: [UInt32] = []
        _ = byEvent.first(Self.hash(stream, event)) { number in
            let entry = entries[Int(number)]
            if entry.event == event, entry.stream == stream, entry.isKnown(to: vector) { copies.append(number) }
            return false
        }
        return copies.count > 1 ? copies.sorted() : copies
    }

    /// The latest entry of an origin in a stream that settles, among the first so many; nil if none does.
    func settler(of stream: UInt32, _ origin: Int, upTo counter: UInt32) -> ReplicatedEntry? {
        guard counter > 0, let number = number(of: stream, UInt8(origin), counter) else { return nil }
        return self[settlers[Int(number)]]
    }

    /// The entry that stands last of those of a stream that are known to who has this vector.
    public func last(of stream: UInt32, knownTo vector: VersionVector) -> UInt32? {
        var last: (number: UInt32, entry: ReplicatedEntry)?
        for origin in 0..<UInt8(VersionVector.nodeLimit) where vector[Int(origin)] > 0 {
            guard let number = number(of: stream, origin, vector[Int(origin)]), let entry = self[number] else {
                continue
            }
            if last.map({ $0.entry.precedes(entry) }) ?? true { last = (number, entry) }
        }
        return last?.number
    }

    /// The entries of a stream that are known by one vector and not by another, in the order of all nodes.
    public func walk(_ stream: UInt32, from known: VersionVector, through vector: VersionVector) -> EntryWalk {
        EntryWalk(stream: stream, from: known, through: vector, in: self)
    }

    /// The entries of some runs that are here, up to a number of them, in the order of all nodes.
    func numbers(of runs: MessageItems<ReplicaMessage.Run>, atMost limit: Int) -> [UInt32] {
        var numbers: [UInt32] = []
        for run in runs where run.first <= run.last {
            for counter in run.first...run.last {
                guard numbers.count < limit, let number = number(of: run.stream, run.origin, counter) else { break }
                numbers.append(number)
            }
        }
        return numbers.sorted { entries[Int($0)].precedes(entries[Int($1)]) }
    }
}
