public import Timeline

extension StoreCluster {
    /// A message has arrived at its receiver.
    public mutating func receive(_ message: ClusterMessage, at now: Instant, _ effects: inout [ClusterEffect]) {
        let partition = Int(message.partition)
        guard let index = replica(of: partition, on: Int(message.receiver)),
            let sender = replica(of: partition, on: Int(message.sender)), replicas[index].role != .down
        else { return }
        switch message.kind {
        case .replicate(let tip, let committed):
            guard accepts(message, index, from: sender, at: now, &effects) else { return }
            follow(index, tip: tip, committed: committed, &effects)
        case .written(let tip):
            guard replicas[index].role == .leader, message.epoch == replicas[index].epoch else { return }
            let common = tree.length(of: tree.fork(of: tip, and: replicas[index].tip))
            let place = sender % settings.copies
            replicas[index].matched[place] = max(replicas[index].matched[place], common)
            commit(index, &effects)
        case .refused:
            guard message.epoch > replicas[index].epoch else { return }
            stepDown(index, epoch: message.epoch, at: now, &effects)
        case .asks(let tip):
            guard wouldVote(index, tip: tip, message.epoch, at: now) else { return }
            effects.append(.send(self.message(from: index, to: sender, epoch: message.epoch, .wouldVote)))
        case .wouldVote:
            guard replicas[index].role == .asking, message.epoch == replicas[index].epoch + 1 else { return }
            count(index, voteOf: sender)
            if replicas[index].votes.nonzeroBitCount >= settings.votes { stand(index, at: now, &effects) }
        case .stands(let tip):
            vote(index, for: sender, tip: tip, message.epoch, at: now, &effects)
        case .votes:
            guard replicas[index].role == .candidate, message.epoch == replicas[index].epoch else { return }
            count(index, voteOf: sender)
            if replicas[index].votes.nonzeroBitCount >= settings.votes { lead(index, at: now, &effects) }
        }
    }

    /// Whether a copy takes what a leader sends.
    private mutating func accepts(
        _ message: ClusterMessage, _ index: Int, from sender: Int, at now: Instant, _ effects: inout [ClusterEffect]
    ) -> Bool {
        let (epoch, isLeader) = (replicas[index].epoch, replicas[index].role == .leader)
        if settings.isFenced, message.epoch < epoch {
            totals.fenced += 1
            effects.append(.send(self.message(from: index, to: sender, .refused)))
            return false
        }
        if !settings.isFenced, isLeader {
            // Nobody compares epochs: a leader takes another for the usurper, until it is told at its next heartbeat.
            replicas[index].successor = max(replicas[index].successor, message.epoch)
            return false
        }
        // Two leaders of one epoch: only too few votes can make them.
        if isLeader, message.epoch == epoch { return false }
        if message.epoch > epoch { stepDown(index, epoch: message.epoch, at: now, &effects) }
        replicas[index].role = .follower
        replicas[index].leader = message.sender
        replicas[index].followed = message.epoch
        replicas[index].heardAt = now
        waitForLeader(index, at: now, &effects)
        return true
    }

    /// A copy takes over its leader's history.
    private mutating func follow(
        _ index: Int, tip: UInt32, committed: UInt32, _ effects: inout [ClusterEffect]
    ) {
        // An earlier message of the same leader may come late: nothing is given up for it.
        if !tree.leads(replicas[index].tip, over: tip) { move(index, to: tip) }
        replicas[index].committed = max(replicas[index].committed, min(committed, tree.length(of: tip)))
        if tree.leads(replicas[index].durable, over: tip) {
            report(index, &effects)
        } else {
            writeToDisk(index, &effects)
        }
    }

    /// A copy learns of a later epoch: it follows, whatever it was.
    private mutating func stepDown(
        _ index: Int, epoch: UInt32, at now: Instant, _ effects: inout [ClusterEffect]
    ) {
        for each in pending where each.replica == index {
            effects.append(.answer(ticket: each.ticket, .unknown))
        }
        pending.removeAll { $0.replica == index }
        replicas[index].epoch = epoch
        replicas[index].role = .follower
        replicas[index].vote = nil
        replicas[index].leader = nil
        waitForLeader(index, at: now, &effects)
    }

    /// A copy is asked for its vote.
    private mutating func vote(
        _ index: Int, for candidate: Int, tip: UInt32, _ epoch: UInt32, at now: Instant,
        _ effects: inout [ClusterEffect]
    ) {
        if !settings.isFenced, replicas[index].role == .leader { return }
        if epoch > replicas[index].epoch { stepDown(index, epoch: epoch, at: now, &effects) }
        let replica = replicas[index]
        guard epoch == replica.epoch, replica.role == .follower || replica.role == .asking,
            isUpToDate(tip, with: replica.tip),
            replica.vote.map({ $0 == replicas[candidate].node }) ?? true
        else { return }
        replicas[index].vote = replicas[candidate].node
        waitForLeader(index, at: now, &effects)
        effects.append(.send(message(from: index, to: candidate, .votes)))
    }

    /// Whether a history may follow another: its last entry is of a later epoch, or of the same and it is no shorter.
    private func isUpToDate(_ tip: UInt32, with own: UInt32) -> Bool {
        let (epoch, ownEpoch) = (tip == 0 ? 0 : tree[tip].epoch, own == 0 ? 0 : tree[own].epoch)
        return (epoch, tree.length(of: tip)) >= (ownEpoch, tree.length(of: own))
    }

    /// A copy begins to lead: its history is the partition's.
    mutating func lead(_ index: Int, at now: Instant, _ effects: inout [ClusterEffect]) {
        let partition = Int(replicas[index].partition)
        replicas[index].role = .leader
        replicas[index].leader = replicas[index].node
        replicas[index].matched = .init(repeating: 0)
        totals.elections += 1
        begin(reignOf: index, &effects)
        let mark = tree.add(
            HistoryTree.Entry(
                stream: HistoryTree.Entry.leaderMark, version: .first, id: EventID(high: 0, low: 0), position: .start,
                epoch: replicas[index].epoch, length: tree.length(of: replicas[index].tip) + 1,
                previous: replicas[index].tip, previousInStream: 0, endsAppend: true, payload: 0, writtenAt: now))
        move(index, to: mark)
        effects.append(
            .leads(node: Int(replicas[index].node), partition: partition, epoch: replicas[index].epoch))
        replicate(index, at: now, &effects)
        writeToDisk(index, &effects)
    }

    /// What had counted and is not part of the new leader's history is lost. What had not may still count, if this leader
    /// falls before it has any entry of its own on enough disks.
    private mutating func begin(reignOf index: Int, _ effects: inout [ClusterEffect]) {
        let partition = Int(replicas[index].partition)
        guard replicas[index].epoch > reigns[partition].epoch else { return }
        let tip = replicas[index].tip
        let kept = tree.fork(of: reigns[partition].truth, and: tip)
        let lost = path(from: kept, to: reigns[partition].truth).filter { tree[$0].position != .start }
        for entry in lost { log.decide(tree[entry].position, .lost) }
        reigns[partition] = Reign(epoch: replicas[index].epoch, truth: kept)
        lose(lost.count, of: partition, &effects)
    }

    /// A replica is called: a leader says that it is there, another stands for election, if that is due.
    public mutating func wake(_ index: Int, at now: Instant, _ effects: inout [ClusterEffect]) {
        replicas[index].wakeAt = .distantFuture
        guard replicas[index].role != .down else { return }
        guard replicas[index].due <= now else { return callAtDue(index, &effects) }
        if replicas[index].role == .leader, replicas[index].successor > replicas[index].epoch {
            stepDown(index, epoch: replicas[index].successor, at: now, &effects)
        } else if replicas[index].role == .leader {
            replicate(index, at: now, &effects)
        } else {
            ask(index, at: now, &effects)
        }
    }

    /// Whether a copy would vote for another: it hears of no leader itself, and the other's history may follow its own.
    private func wouldVote(_ index: Int, tip: UInt32, _ epoch: UInt32, at now: Instant) -> Bool {
        let replica = replicas[index]
        guard replica.role != .leader, epoch > replica.epoch else { return false }
        return now - replica.heardAt >= settings.electionTime && isUpToDate(tip, with: replica.tip)
    }

    private mutating func count(_ index: Int, voteOf other: Int) {
        replicas[index].votes |= 1 << UInt8(other % settings.copies)
    }

    /// A copy asks whether it would be elected before it stands: one that was cut off must not unseat a leader that all
    /// others hear of (Ongaro's dissertation, 9.6).
    private mutating func ask(_ index: Int, at now: Instant, _ effects: inout [ClusterEffect]) {
        guard settings.votes > 1 else { return stand(index, at: now, &effects) }
        replicas[index].role = .asking
        replicas[index].votes = 0
        count(index, voteOf: index)
        waitForLeader(index, at: now, &effects)
        for other in copies(of: Int(replicas[index].partition)) where other != index {
            let epoch = replicas[index].epoch + 1
            effects.append(.send(message(from: index, to: other, epoch: epoch, .asks(tip: replicas[index].tip))))
        }
    }

    /// A copy asks the others to vote for it.
    private mutating func stand(_ index: Int, at now: Instant, _ effects: inout [ClusterEffect]) {
        replicas[index].role = .candidate
        replicas[index].epoch += 1
        replicas[index].vote = replicas[index].node
        replicas[index].votes = 0
        count(index, voteOf: index)
        replicas[index].leader = nil
        guard settings.votes > 1 else { return lead(index, at: now, &effects) }
        waitForLeader(index, at: now, &effects)
        for other in copies(of: Int(replicas[index].partition)) where other != index {
            effects.append(.send(message(from: index, to: other, .stands(tip: replicas[index].tip))))
        }
    }

    /// A copy stands for election if it hears nothing for a while, a different one each time.
    mutating func waitForLeader(_ index: Int, at now: Instant, _ effects: inout [ClusterEffect]) {
        replicas[index].due = now + settings.electionTime * (1 + random.uniform())
        callAtDue(index, &effects)
    }

    /// Has a copy called when something is due, if it would be called later.
    mutating func callAtDue(_ index: Int, _ effects: inout [ClusterEffect]) {
        guard replicas[index].due < replicas[index].wakeAt else { return }
        replicas[index].wakeAt = replicas[index].due
        effects.append(.wake(replica: index, at: replicas[index].due))
    }
}
