import CQRS
import EventSourcing
import Timeline

// What an operator does with projections: dead letters are replayed, tables are made anew, stopped ones go on.

extension World {
    /// A projection deals again with what it has set aside.
    mutating func replayDeadLetters(of projection: Int) {
        let version = projections[projection].servingIndex
        port.note(.replays, .projection(UInt16(projection)), why: .count(letters(of: projection)))
        for lane in projections[projection].versions[version].lanes {
            projections[lane: lane].run.replayAll()
            drive(lane)
        }
        port.touched.insert(.projections)
    }

    /// How many events a projection has set aside.
    private func letters(of projection: Int) -> UInt32 {
        let state = projections[projection]
        return UInt32(clamping: state.versions[state.servingIndex].table.letters.count)
    }

    /// A projection that has stopped goes on from its checkpoint.
    mutating func start(stopped projection: Int, command: Why) {
        let stopped = lanes(of: projection).filter { lane in
            if case .goal? = projections.lanes[lane].run.stopReason { return false }
            return projections.lanes[lane].run.stopReason != nil
        }
        guard !stopped.isEmpty else { return }
        port.note(.projectionStarted, .projection(UInt16(projection)), why: command)
        for lane in stopped { start(lane: lane) }
        port.touched.insert(.projections)
    }

    /// A projection's table is made anew beside the one that serves; nothing happens if that is being done already.
    mutating func rebuild(_ projection: Int, command: Why) {
        guard projections[projection].rebuild == nil else { return }
        let serving = projections[projection].serving
        let number = (projections[projection].versions.map(\.number).max() ?? serving.version) + 1
        do throws(SettingError) {
            projections[projection].rebuild = try Rebuild(Rebuild.Settings(), from: serving, to: number)
        } catch {
            preconditionFailure("a number that no version has is right: \(error)")
        }
        port.note(.rebuilds, .projection(UInt16(projection)), why: command)
        driveRebuild(of: projection)
    }

    /// Carries out what a rebuild wants now.
    mutating func driveRebuild(of projection: Int) {
        report(projection)
        while projections[projection].rebuild != nil {
            guard let step = projections[projection].rebuild?.next(at: port.now) else { return }
            switch step {
            case .prepare(let version, let ticket): prepare(version, of: projection, ticket)
            case .serve(let old, let new, let ticket): serve(new, insteadOf: old, of: projection, ticket)
            case .handOver(let old, let position, let ticket):
                projections[projection].handOver = ticket
                handOver(from: old, at: position, of: projection)
            case .drop(let version, let ticket): drop(version, of: projection, ticket)
            case .wait:
                guard finishHandOver(of: projection) else { return }
            case .ended: return end(rebuildOf: projection)
            }
        }
    }

    /// Tells a rebuild how far the new version is.
    private mutating func report(_ projection: Int) {
        guard let rebuild = projections[projection].rebuild,
            let version = projections[projection].index(ofVersion: rebuild.new)
        else { return }
        let settled = projections.settled(projection, version: version)
        let end = end(ofFeedOf: projection)
        let isLoaded = projections[projection].versions[version].lanes.allSatisfy {
            projections.lanes[$0].run.totals.pages > 0
        }
        if isLoaded || end == .start {
            projections[projection].rebuild?.progressed(to: settled, head: end, at: port.now)
        }
    }

    private mutating func prepare(_ version: Int, of projection: Int, _ ticket: Ticket) {
        guard let number = projections[projection].rebuild?.number else { return }
        let isProposed = projections[projection].serving.propose(version, number: number)
        projections[projection].rebuild?.prepared(isProposed, for: ticket)
        guard isProposed else { return }
        projections.addVersion(version, to: projection, replayedThrough: Position(.max))
        guard let place = projections[projection].index(ofVersion: version) else { return }
        for lane in projections[projection].versions[place].lanes { start(lane: lane) }
    }

    private mutating func serve(_ new: Int, insteadOf old: Int, of projection: Int, _ ticket: Ticket) {
        guard let number = projections[projection].rebuild?.number else { return }
        let checkpoints = projections[projection].versions.flatMap { $0.table.checkpoints.compactMap { $0 } }
        let outcome = projections[projection].serving.change(
            from: old, to: new, number: number, checkpoints: checkpoints)
        projections[projection].rebuild?.served(outcome, for: ticket)
        if case .switched(let position) = outcome {
            if queries.exists(projection) { queries[projection].machine.invalidateAll() }
            port.note(
                .switched, .projection(UInt16(projection)), why: .count(UInt32(clamping: position.number)))
            port.touched.insert(.projections)
        }
    }

    /// The new version's lanes take over behind a position; the old one's stop there.
    private mutating func handOver(from old: Int, at position: Position, of projection: Int) {
        for version in projections[projection].versions {
            for lane in version.lanes {
                if version.number == old {
                    projections[lane: lane].run.stop(at: position)
                } else {
                    projections[lane: lane].run.replayedThrough = position
                }
                drive(lane)
            }
        }
    }

    /// Whether the old version has come to where it hands over, and that has now been said.
    private mutating func finishHandOver(of projection: Int) -> Bool {
        guard let ticket = projections[projection].handOver, let old = projections[projection].rebuild?.old else {
            return false
        }
        let place = projections[projection].index(ofVersion: old)
        let lanes = place.map { projections[projection].versions[$0].lanes } ?? 0..<0
        guard lanes.allSatisfy({ projections.lanes[$0].run.stopReason != nil }) else { return false }
        projections[projection].handOver = nil
        projections[projection].rebuild?.handedOver(ticket)
        return true
    }

    private mutating func drop(_ version: Int, of projection: Int, _ ticket: Ticket) {
        guard let number = projections[projection].rebuild?.number else { return }
        let outcome = projections[projection].serving.withdraw(version, number: number)
        if outcome == .withdrawn, let place = projections[projection].index(ofVersion: version) {
            for lane in projections[projection].versions[place].lanes { port.cancel(&projections[lane: lane].wake) }
            projections[projection].versions.remove(at: place)
        }
        projections[projection].rebuild?.dropped(outcome, for: ticket)
    }

    private mutating func end(rebuildOf projection: Int) {
        projections[projection].rebuild = nil
        port.touched.insert(.projections)
        wakeReaders(of: projection)
    }
}
