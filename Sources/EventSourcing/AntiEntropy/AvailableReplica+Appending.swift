public import Timeline

extension AvailableReplica {
    /// What the author of an event takes the stream to be, as the node knows it.
    public enum Expectation: Hashable, Sendable {
        /// Whatever it is.
        case any
        /// That it has no events.
        case noStream
        /// That it has events.
        case streamExists
        /// Just what its author has read: the vector that came with the history.
        case exactly(VersionVector)
    }

    /// What came of an append.
    public enum AppendResult: Hashable, Sendable {
        /// It took place; this is the entry's number.
        case appended(UInt32)
        /// The event was there before, with this entry.
        case wasThere(UInt32)
        /// It did not take place.
        case refused(Refusal)
    }

    /// Why an append did not take place.
    public enum Refusal: Hashable, Sendable {
        /// There is no stream of this number.
        case noSuchStream
        /// This node knows something else of the stream than was expected: this.
        case wrongVersion(VersionVector)
        /// The author has read, at another node, what is not known here yet. This is known; wait, or go there.
        case notYetHere(VersionVector)
        /// The entry that it would get exists: this node has lost what it made itself, and must get it back first.
        /// Nothing else can happen before four billion entries.
        case numberTaken
    }

    /// Appends an event to a stream, as far as this node knows it.
    ///
    /// The node asks nobody. The event is made upon all that the node knows of the stream. If its author expected just
    /// that, then it settles the conflicts there: they were read. An author who expects anything else has seen nothing,
    /// and settles nothing.
    ///
    /// The rules are those of ``StreamState/decide(_:versionOf:idAt:)``, with two differences: the version is a vector,
    /// and an id that this node knows in the stream is never appended again, not even at the very version that is
    /// expected. An event that expects an earlier version was there if it is known and was made upon just that.
    /// - Parameters:
    ///   - event: the event's id.
    ///   - payload: a number of the caller's own.
    ///   - stream: the stream's number.
    ///   - expected: what the author takes the stream to be.
    ///   - now: the time.
    ///   - arena: where the entry is put.
    public mutating func append(
        _ event: EventID, payload: UInt64 = 0, to stream: UInt32, expecting expected: Expectation, at now: Instant,
        in arena: inout EntryArena
    ) -> AppendResult {
        let result = decide(event, stream, expected, in: arena) ?? add(event, payload, stream, expected, now, &arena)
        switch result {
        case .appended: totals.appended += 1
        case .wasThere: totals.repeated += 1
        case .refused: totals.refused += 1
        }
        return result
    }

    /// Why nothing is to be appended; nil if it is.
    private func decide(
        _ event: EventID, _ stream: UInt32, _ expected: Expectation, in arena: EntryArena
    ) -> AppendResult? {
        guard Int(stream) < settings.streams else { return .refused(.noSuchStream) }
        let known = vector(of: stream)
        let there = arena.copies(of: event, in: stream, knownTo: known)
        switch expected {
        case .any:
            return there.first.map { .wasThere($0) }
        case .streamExists:
            return known.isZero ? .refused(.wrongVersion(known)) : there.first.map { .wasThere($0) }
        case .noStream:
            return decide(there, VersionVector(), known, in: arena)
        case .exactly(let vector):
            return decide(there, vector, known, in: arena)
        }
    }

    private func decide(
        _ there: [UInt32], _ expected: VersionVector, _ known: VersionVector, in arena: EntryArena
    ) -> AppendResult? {
        if expected == known { return there.first.map { .wasThere($0) } }
        if let repeated = there.first(where: { arena[$0]?.upon == expected }) { return .wasThere(repeated) }
        return .refused(known.covers(expected) ? .wrongVersion(known) : .notYetHere(known))
    }

    private mutating func add(
        _ event: EventID, _ payload: UInt64, _ stream: UInt32, _ expected: Expectation, _ now: Instant,
        _ arena: inout EntryArena
    ) -> AppendResult {
        let known = vector(of: stream)
        var next = known
        next.increment(Int(node))
        let isRead = if case .exactly = expected { true } else { false }
        let entry = ReplicatedEntry(
            stream: stream, origin: node, counter: next[Int(node)], settles: isRead,
            lamport: clock < .max ? clock + 1 : clock, upon: known, event: event, payload: payload, madeAt: now)
        guard let number = arena.add(entry) else { return .refused(.numberTaken) }
        learn(number, entry, isCopy: false, in: arena)
        return .appended(number)
    }
}
