import EventSourcing
import Timeline

// How a node reads, appends, and hears of what others have appended.

extension AvailableNodes {
    /// Brings an aggregate back as a node knows it.
    mutating func read(_ stream: UInt32, on node: Int, _ facts: FactTable) -> Known {
        let place = place(of: stream, node)
        let next = continuation(of: known[place], stream, on: node, facts)
        let now = next ?? replay(stream, on: node, facts).now
        known[place] = now
        return now
    }

    private mutating func place(of stream: UInt32, _ node: Int) -> Int {
        while known.count < (Int(stream) + 1) * replicas.count { known.append(Known()) }
        return Int(stream) * replicas.count + node
    }

    /// An aggregate after the events that have come, if each was made upon all that stood before it; nil if not.
    private func continuation(of known: Known, _ stream: UInt32, on node: Int, _ facts: FactTable) -> Known? {
        let vector = replicas[node].vector(of: stream)
        guard known.vector != vector else { return known }
        var now = known
        for number in arena.walk(stream, from: known.vector, through: vector) {
            guard let entry = arena[number], entry.upon == now.vector else { return nil }
            _ = now.state.admit(facts[entry.payload])
            now.vector.increment(Int(entry.origin))
            now.events += 1
        }
        return now
    }

    /// An aggregate made anew of all that a node knows, and those of its events that have no effect.
    private func replay(_ stream: UInt32, on node: Int, _ facts: FactTable) -> (now: Known, without: [UInt64]) {
        var (now, without) = (Known(vector: replicas[node].vector(of: stream)), [UInt64]())
        for line in replicas[node].history(of: stream, in: arena) {
            guard let payload = arena[line.entry]?.payload else { continue }
            now.events += 1
            if line.isSuperseded || !now.state.admit(facts[payload]) { without.append(payload) }
        }
        return (now, without)
    }

    /// Whether an event is known to who has read so much of its stream.
    func holds(_ event: EventID, in stream: UInt32, knownTo vector: VersionVector) -> Bool {
        !arena.copies(of: event, in: stream, knownTo: vector).isEmpty
    }

    /// What came of an append.
    enum Appending {
        /// The event counts.
        case counts(UInt32)
        /// It has counted before, appended to this node or another.
        case isRepeated(UInt32?)
        /// There is more in the stream than its author had read.
        case isOutdated
        /// There can be no more streams.
        case hasNoRoom
    }

    /// A node has written an append to its disk: it takes place, unless another one has meanwhile.
    mutating func append(_ append: Parcel.Append, at node: Int, now: Instant) -> Appending {
        let result = replicas[node].append(
            append.event, payload: append.payload, to: append.stream, expecting: .exactly(append.vector), at: now,
            in: &arena)
        switch result {
        case .appended(let number):
            compare(append.stream)
            guard arena.copies(of: append.event, in: append.stream, knownTo: Self.all).count > 1 else {
                return .counts(number)
            }
            copies += 1
            return .isRepeated(number)
        case .wasThere: return .isRepeated(nil)
        case .refused(.noSuchStream): return .hasNoRoom
        case .refused: return .isOutdated
        }
    }

    /// Knows all that there is.
    private static let all = VersionVector([UInt32](repeating: .max, count: VersionVector.nodeLimit))

    /// What a node tells the others of what was just appended to it.
    mutating func announcements(of entry: UInt32, by node: Int) -> [ReplicaMessage] {
        replicas[node].announce(entry, in: arena)
    }

    /// What a message brought.
    struct News {
        var replies: [ReplicaMessage] = []
        /// Entries that have now been found to be made in ignorance of another.
        var concurrent: [UInt32] = []
        /// Facts that have lost their effect by that.
        var overruled: [UInt64] = []
    }

    /// A node takes a message, with what it brings on its disk.
    mutating func receive(_ message: ReplicaMessage, _ facts: inout FactTable) -> News {
        let node = Int(message.to)
        let reception = replicas[node].receive(message, in: arena)
        var news = News(replies: reception.replies)
        guard case .entries(let entries) = message.body else { return news }
        for run in entries.runs { compare(run.stream) }
        let conflicts = replicas[node].conflicts[reception.conflictsBefore...]
        var streams: [UInt32] = []
        for conflict in conflicts {
            if streams.last != conflict.stream { streams.append(conflict.stream) }
            guard let payload = arena[conflict.entry]?.payload, !facts[payload].isConcurrent else { continue }
            facts[payload].isConcurrent = true
            news.concurrent.append(conflict.entry)
        }
        concurrent += UInt64(news.concurrent.count)
        for stream in streams { news.overruled += overrule(stream, on: node, &facts) }
        overruled += UInt64(news.overruled.count)
        return news
    }

    /// Finds which events of a stream have lost their effect.
    private mutating func overrule(_ stream: UInt32, on node: Int, _ facts: inout FactTable) -> [UInt64] {
        let (now, without) = replay(stream, on: node, facts)
        known[place(of: stream, node)] = now
        let new = without.filter { !facts[$0].isOverruled }
        for fact in new { facts[fact].isOverruled = true }
        return new
    }
}
