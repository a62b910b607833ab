import EventSourcing
import Timeline

/// What happened before what, worked out by sets alone: each entry's whole past, closed over everything that its past
/// was made upon. What the vectors say must agree with it.
struct CausalModel {
    /// An entry, wherever it is known.
    struct Dot: Hashable, Comparable {
        let stream: UInt32
        let origin: Int
        let counter: UInt32

        init(_ entry: ReplicatedEntry) {
            stream = entry.stream
            origin = Int(entry.origin)
            counter = entry.counter
        }

        static func < (left: Dot, right: Dot) -> Bool {
            (left.stream, left.origin, left.counter) < (right.stream, right.origin, right.counter)
        }
    }

    /// Two entries, the smaller first.
    struct Pair: Hashable {
        let one: Dot
        let other: Dot

        init(_ one: Dot, _ other: Dot) {
            self.one = min(one, other)
            self.other = max(one, other)
        }
    }

    var pasts: [Dot: Set<Dot>] = [:]
    var events: [Dot: EventID] = [:]
    var settling: [Dot] = []
    /// What each node knows.
    var known: [Set<Dot>]
    var complaints: [String] = []

    init(nodes: Int) {
        known = Array(repeating: [], count: nodes)
    }

    /// An event was appended at a node.
    mutating func appended(_ entry: ReplicatedEntry, settles: Bool) {
        let dot = Dot(entry)
        var past: Set<Dot> = []
        for other in known[dot.origin] where other.stream == dot.stream {
            past.insert(other)
            past.formUnion(pasts[other] ?? [])
        }
        pasts[dot] = past
        events[dot] = entry.event
        if settles { settling.append(dot) }
        known[dot.origin].insert(dot)
    }

    /// An entry became known to a node.
    mutating func learned(_ entry: ReplicatedEntry, at node: Int) {
        let dot = Dot(entry)
        if pasts[dot] == nil { complaints.append("\(dot) was never appended") }
        if !(pasts[dot] ?? []).isSubset(of: known[node]) { complaints.append("\(dot) came before its past") }
        known[node].insert(dot)
    }

    private func happenedBefore(_ one: Dot, _ other: Dot) -> Bool { pasts[other]?.contains(one) ?? false }

    /// The entries that hold an event, for each of them.
    private var copies: [Dot: [Dot]] {
        let alike = Dictionary(grouping: events.keys) { Copies(stream: $0.stream, event: events[$0]) }
        var copies: [Dot: [Dot]] = [:]
        for dots in alike.values {
            for dot in dots { copies[dot] = dots }
        }
        return copies
    }

    private struct Copies: Hashable {
        let stream: UInt32
        let event: EventID?
    }

    /// All pairs of different events of which no copies happened before one another.
    func conflicts() -> Set<Pair> {
        let (copies, dots) = (copies, events.keys.sorted())
        var pairs: Set<Pair> = []
        for (index, one) in dots.enumerated() {
            for other in dots[(index + 1)...] where one.stream == other.stream && events[one] != events[other] {
                let isOrdered = (copies[one] ?? []).contains { mine in
                    (copies[other] ?? []).contains { happenedBefore(mine, $0) || happenedBefore($0, mine) }
                }
                if !isOrdered { pairs.insert(Pair(one, other)) }
            }
        }
        return pairs
    }

    /// Of these pairs, those that nobody has settled.
    func open(_ pairs: Set<Pair>) -> Set<Pair> {
        let copies = copies
        return pairs.filter { pair in
            !settling.contains { settler in
                settler.stream == pair.one.stream
                    && [pair.one, pair.other].allSatisfy { dot in
                        (copies[dot] ?? []).contains { happenedBefore($0, settler) }
                    }
            }
        }
    }
}
