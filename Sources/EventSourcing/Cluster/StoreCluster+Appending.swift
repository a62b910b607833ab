public import Timeline

extension StoreCluster {
    /// An event that somebody wants to append.
    public struct ProposedEvent: Hashable, Sendable {
        /// Its id.
        public let id: EventID
        /// What its author knows it by.
        public let payload: UInt64

        /// An event.
        public init(id: EventID, payload: UInt64) {
            self.id = id
            self.payload = payload
        }
    }

    /// How far back in a stream an event's id is looked for, where the append says nothing of versions.
    static var idsRemembered: Int { 20_000 }

    /// Somebody asks a node to append events to a stream; the answer comes as an effect, now or later.
    /// - Parameters:
    ///   - ticket: what tells the append from others.
    ///   - events: the events; none only checks the version.
    ///   - stream: the stream's number.
    ///   - state: what is known about the stream but its last version; see ``StreamState``.
    ///   - expected: what must be true of it.
    ///   - node: the node that is asked.
    ///   - now: the time.
    ///   - effects: what there is to do, added behind what is there.
    public mutating func append(
        ticket: UInt64, _ events: [ProposedEvent], to stream: UInt32, state: StreamState = .none,
        expecting expected: ExpectedVersion, at node: Int, now: Instant, _ effects: inout [ClusterEffect]
    ) {
        guard let index = replica(of: partition(of: stream), on: node), replicas[index].role != .down else {
            return effects.append(.answer(ticket: ticket, .notLeader(hint: nil)))
        }
        guard replicas[index].role == .leader else {
            return effects.append(.answer(ticket: ticket, .notLeader(hint: replicas[index].leader.map { Int($0) })))
        }
        switch decide(events, stream, state, expected, index) {
        case .answer(let answer):
            effects.append(.answer(ticket: ticket, answer))
        case .append:
            write(events, to: stream, index, at: now)
            pending.append(Pending(ticket: ticket, replica: index, entry: replicas[index].tip))
            replicate(index, at: now, &effects)
            writeToDisk(index, &effects)
        }
    }

    private enum Decision {
        case append
        case answer(ClusterAnswer)
    }

    private func decide(
        _ events: [ProposedEvent], _ stream: UInt32, _ state: StreamState, _ expected: ExpectedVersion, _ index: Int
    ) -> Decision {
        let head = head(of: stream, in: index)
        var state = state
        state.lastVersion = head == 0 ? nil : tree[head].version
        let decision = state.decide(expecting: expected, ids: events.lazy.map(\.id)) { id in
            entry(of: id, behind: head).map { tree[$0].version }
        } idAt: { version in
            entry(version, behind: head).map { tree[$0].id }
        }
        switch decision {
        case .append: return .append
        case .wasThere(let version):
            guard let last = entry(version, behind: head) else { return .answer(.partlyThere) }
            return .answer(counts(last, in: index) ? .wasThere(entry: last) : .notYetReplicated)
        case .wrongVersion, .deleted: return .answer(.wrongVersion(actual: state.lastVersion))
        case .partlyThere: return .answer(.partlyThere)
        }
    }

    private func counts(_ entry: UInt32, in index: Int) -> Bool {
        tree[entry].length <= replicas[index].committed
    }

    /// The entry of a version in the stream that ends with another entry.
    public func entry(_ version: StreamVersion, behind head: UInt32) -> UInt32? {
        var entry = head
        while entry != 0, tree[entry].version > version { entry = tree[entry].previousInStream }
        return entry != 0 && tree[entry].version == version ? entry : nil
    }

    private func entry(of id: EventID, behind head: UInt32) -> UInt32? {
        var entry = head
        for _ in 0..<Self.idsRemembered where entry != 0 {
            if tree[entry].id == id { return entry }
            entry = tree[entry].previousInStream
        }
        return nil
    }

    /// Writes events at the end of a leader's history.
    private mutating func write(_ events: [ProposedEvent], to stream: UInt32, _ index: Int, at now: Instant) {
        // A leader that lacks what counts has a successor that it does not know of.
        let truth = reigns[Int(replicas[index].partition)].truth
        let isDead = !tree.leads(replicas[index].tip, over: truth)
        for (place, event) in events.enumerated() {
            let head = head(of: stream, in: index)
            let position = log.last + 1
            let entry = tree.add(
                HistoryTree.Entry(
                    stream: stream, version: head == 0 ? .first : tree[head].version + 1, id: event.id,
                    position: position, epoch: replicas[index].epoch,
                    length: tree.length(of: replicas[index].tip) + 1, previous: replicas[index].tip,
                    previousInStream: head, endsAppend: place == events.count - 1, payload: event.payload,
                    writtenAt: now))
            log.draw(for: entry, fate: isDead ? .dead : .undecided)
            if !isDead { undecided.append(Undecided(entry: entry)) }
            move(index, to: entry)
        }
    }

    /// A leader sends its history to the other copies.
    mutating func replicate(_ index: Int, at now: Instant, _ effects: inout [ClusterEffect]) {
        let leader = replicas[index]
        for other in copies(of: Int(leader.partition)) where other != index {
            effects.append(
                .send(message(from: index, to: other, .replicate(tip: leader.tip, committed: leader.committed))))
        }
        replicas[index].due = now + settings.heartbeat
        callAtDue(index, &effects)
    }

    /// A message of one copy to another, in the sender's epoch if nothing else is said.
    func message(
        from sender: Int, to receiver: Int, epoch: UInt32? = nil, _ kind: ClusterMessage.Kind
    ) -> ClusterMessage {
        ClusterMessage(
            partition: replicas[sender].partition, sender: replicas[sender].node, receiver: replicas[receiver].node,
            epoch: epoch ?? replicas[sender].epoch, kind: kind)
    }

    /// Lets the disk write what it has not, if it does nothing.
    mutating func writeToDisk(_ index: Int, _ effects: inout [ClusterEffect]) {
        let replica = replicas[index]
        guard replica.writing == nil, replica.role != .down, !tree.leads(replica.durable, over: replica.tip) else {
            return
        }
        replicas[index].writing = replica.tip
        effects.append(.write(replica: index, tip: replica.tip))
    }

    /// The disk has written a copy's history up to this entry.
    public mutating func written(_ index: Int, tip: UInt32, at now: Instant, _ effects: inout [ClusterEffect]) {
        guard replicas[index].writing == tip else { return }
        replicas[index].writing = nil
        replicas[index].durable = tip
        switch replicas[index].role {
        case .leader: commit(index, &effects)
        case .follower, .asking, .candidate: report(index, &effects)
        case .down: break
        }
        writeToDisk(index, &effects)
    }

    /// A follower tells its leader what it has on disk.
    func report(_ index: Int, _ effects: inout [ClusterEffect]) {
        let replica = replicas[index]
        let leader = replica.leader.flatMap { self.replica(of: Int(replica.partition), on: Int($0)) }
        guard let leader, leader != index else { return }
        effects.append(
            .send(message(from: index, to: leader, epoch: replica.followed, .written(tip: replica.durable))))
    }

    /// A leader looks how much of its history is on enough disks, and answers for what counts now.
    mutating func commit(_ index: Int, _ effects: inout [ClusterEffect]) {
        let leader = replicas[index]
        let onDisk = copies(of: Int(leader.partition)).map { copy in
            copy == index
                ? tree.length(of: tree.fork(of: leader.durable, and: leader.tip))
                : leader.matched[copy % settings.copies]
        }
        let length = onDisk.sorted(by: >)[settings.acknowledgements - 1]
        let last = tree.ancestor(of: leader.tip, length: length)
        // A leader counts copies of what it has written itself; what was there before counts with it (Raft, 5.4.2).
        guard length > leader.committed, tree[last].epoch == leader.epoch else { return }
        settle(path(from: tree.ancestor(of: last, length: leader.committed), to: last), of: index, &effects)
        replicas[index].committed = length
        answer(upTo: last, of: index, &effects)
    }

    /// These entries count for their leader; whether they do for all depends on whether it still leads.
    private mutating func settle(_ entries: [UInt32], of index: Int, _ effects: inout [ClusterEffect]) {
        let partition = Int(replicas[index].partition)
        guard replicas[index].epoch == reigns[partition].epoch else {
            return promise(entries.filter { tree[$0].position != .start }, in: partition, &effects)
        }
        // A new leader settles anew what its predecessor had, as far as it has not heard of that.
        for entry in entries where tree[entry].position != .start && log.fate(of: tree[entry].position) != .committed {
            log.decide(tree[entry].position, .committed)
            effects.append(.counts(entry: entry))
        }
        reigns[partition].truth = entries.last ?? reigns[partition].truth
        bury(partition, &effects)
    }

    /// A leader that has a successor answers for entries: they are lost, unless they come to count with the successor's.
    private mutating func promise(_ entries: [UInt32], in partition: Int, _ effects: inout [ClusterEffect]) {
        var lost = 0
        for entry in entries {
            switch log.fate(of: tree[entry].position) {
            case .committed, .lost: continue
            case .undecided: markPromised(entry)
            case .dead:
                log.decide(tree[entry].position, .lost)
                lost += 1
            }
        }
        lose(lost, of: partition, &effects)
    }

    private mutating func markPromised(_ entry: UInt32) {
        guard let place = undecided.firstIndex(where: { $0.entry == entry }) else { return }
        undecided[place].isPromised = true
    }

    /// What does not lead over the last entry that counts never will: every later leader's history does.
    private mutating func bury(_ partition: Int, _ effects: inout [ClusterEffect]) {
        let truth = reigns[partition].truth
        var lost = 0
        // They stand in the order in which they were written: who leads over one that is alive is alive too.
        var alive: Set<UInt32> = [truth]
        for each in undecided where log.fate(of: tree[each.entry].position) == .undecided {
            let entry = tree[each.entry]
            guard self.partition(of: entry.stream) == partition else { continue }
            if alive.contains(entry.previous) || tree.leads(each.entry, over: truth) {
                alive.insert(each.entry)
            } else {
                log.decide(entry.position, each.isPromised ? .lost : .dead)
                lost += each.isPromised ? 1 : 0
            }
        }
        undecided.removeAll { log.fate(of: tree[$0.entry].position) != .undecided }
        lose(lost, of: partition, &effects)
    }

    mutating func lose(_ count: Int, of partition: Int, _ effects: inout [ClusterEffect]) {
        guard count > 0 else { return }
        totals.lostEvents += UInt64(count)
        effects.append(.lost(partition: partition, entries: count))
    }

    private mutating func answer(upTo last: UInt32, of index: Int, _ effects: inout [ClusterEffect]) {
        for each in pending where each.replica == index && tree[each.entry].length <= tree[last].length {
            totals.committed += 1
            effects.append(.answer(ticket: each.ticket, .appended(entry: each.entry)))
        }
        pending.removeAll { $0.replica == index && tree[$0.entry].length <= tree[last].length }
    }
}
