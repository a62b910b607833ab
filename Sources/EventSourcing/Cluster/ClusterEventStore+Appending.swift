public import Timeline

extension ClusterEventStore {
    /// Appends events to one stream; several streams lie in different partitions, which know nothing of each other.
    public mutating func append(_ appends: [StreamAppend], at now: Instant) throws(EventStoreError) -> [Appended] {
        do throws(EventStoreError) {
            try limits.check(appends)
            let appended = try together(appends, at: now)
            metrics.count(appended, of: appends)
            return appended
        } catch {
            metrics.count(error)
            throw error
        }
    }

    /// Several appends take place in one step if only one of them brings events, and the others' checks hold.
    private mutating func together(_ appends: [StreamAppend], at now: Instant) throws(EventStoreError) -> [Appended] {
        let batch = try AppendBatch(appends, decisions: appends.map { decision(about: $0) })
        let writes = appends.filter { !$0.events.isEmpty }
        if writes.count > 1 { throw .notTogether(writes[0].stream, writes[1].stream) }
        var appended: [Appended] = []
        for part in batch.parts { appended.append(try place(part.append, at: now)) }
        return appended
    }

    /// What the leader would decide, as far as what counts is concerned.
    private func decision(about append: StreamAppend) -> (StreamState, StreamState.Decision) {
        let state = state(of: append.stream)
        let decision = state.decide(expecting: append.expected, ids: append.events.lazy.map(\.id)) { id in
            version(of: id, in: append.stream)
        } idAt: { version in
            entry(version, of: append.stream).map { cluster.tree[$0].id }
        }
        return (state, decision)
    }

    private mutating func place(_ append: StreamAppend, at now: Instant) throws(EventStoreError) -> Appended {
        let state = state(of: append.stream)
        guard !append.events.isEmpty else {
            return Appended(lastVersion: state.lastVersion, position: nil, wasThere: false)
        }
        switch try ask(append, number(of: append.stream), state, at: now) {
        case .appended(let entry): return appended(entry, wasThere: false)
        case .wasThere(let entry): return appended(entry, wasThere: true)
        case .notYetReplicated: throw .notYetReplicated(append.stream)
        case .partlyThere: throw .partlyThere(append.stream)
        case .wrongVersion(let actual): throw .wrongVersion(append.stream, expected: append.expected, actual: actual)
        case .notLeader, .unknown: throw .unavailable("the leader has changed")
        }
    }

    private func appended(_ entry: UInt32, wasThere: Bool) -> Appended {
        let entry = cluster.tree[entry]
        return Appended(lastVersion: entry.version, position: entry.position, wasThere: wasThere)
    }

    /// Asks the leader, and the next one if there is another, until somebody answers.
    private mutating func ask(
        _ append: StreamAppend, _ number: UInt32, _ state: StreamState, at now: Instant
    ) throws(EventStoreError) -> ClusterAnswer {
        let end = clock + Self.patience
        let events = append.events.map { event in
            bodies.append(Body(event: event, at: now))
            return StoreCluster.ProposedEvent(id: event.id, payload: UInt64(bodies.count - 1))
        }
        while clock < end {
            if let leader = cluster.leader(of: cluster.partition(of: number)), !cuts.contains(leader) {
                lastTicket += 1
                let ticket = lastTicket
                var effects: [ClusterEffect] = []
                cluster.append(
                    ticket: ticket, events, to: number, state: state, expecting: append.expected, at: leader,
                    now: clock, &effects)
                carryOut(effects)
                switch answer(to: ticket, by: end) {
                case .notLeader?, .unknown?: break
                case let answer?: return answer
                case nil: throw .unavailable("too few nodes answer")
                }
            }
            run(for: .milliseconds(100))
        }
        throw .unavailable("no node leads the partition of \(append.stream)")
    }

    /// The number of a stream, a new one for a new stream.
    mutating func number(of name: StreamName) -> UInt32 {
        if let number = numbers[name] { return number }
        var digest = Digest()
        digest.mix(text: name.text)
        let number = cluster.addStream(hash: digest.value)
        numbers[name] = number
        streams.append(Stream(name: name))
        return number
    }

    /// Hides a stream's events before a version.
    public mutating func truncate(_ stream: StreamName, before version: StreamVersion) throws(EventStoreError) {
        guard let number = numbers[stream] else { return }
        var state = state(of: stream)
        if state.isTombstoned { throw .streamDeleted(stream) }
        state.hide(before: version)
        streams[Int(number)].state = state
    }

    /// Deletes a stream for the time being, or for ever; then a tombstone is replicated as its last event.
    public mutating func delete(
        _ stream: StreamName, for extent: Deletion, expecting expected: ExpectedVersion, at now: Instant
    ) throws(EventStoreError) {
        var state = state(of: stream)
        try state.checkDeletion(of: stream, expecting: expected)
        guard extent == .forEver || numbers[stream] != nil else { return }
        let number = Int(number(of: stream))
        if extent == .forEver {
            let tombstone = EventData.tombstone(of: stream, state.nextVersion)
            let append = StreamAppend(
                [tombstone], to: stream, expecting: state.lastVersion.map { .exactly($0) } ?? .noStream)
            _ = try place(append, at: now)
        }
        state.end(for: extent)
        streams[number].state = state
        streams[number].snapshot = nil
    }

    /// Removes hidden events from the log, up to a position.
    public mutating func scavenge(upTo position: Position) -> Int {
        let before = scavenged.count
        for number in 1...max(1, min(position, cluster.log.mark).number) {
            let place = Position(number)
            guard let event = event(at: place), !event.isTombstone, let stream = numbers[event.stream] else { continue }
            if event.version < streams[Int(stream)].state.firstVersion { scavenged.insert(place) }
        }
        return scavenged.count - before
    }

    /// Keeps a snapshot.
    public mutating func save(_ snapshot: Snapshot) {
        let number = Int(number(of: snapshot.stream))
        if streams[number].state.isTombstoned { return }
        if let former = streams[number].snapshot, former.version > snapshot.version { return }
        streams[number].snapshot = snapshot
        metrics.snapshotsSaved += 1
    }
}
