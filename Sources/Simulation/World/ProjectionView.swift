public import CQRS
public import EventSourcing
public import Timeline

/// How a projection stands.
public struct ProjectionView: Sendable {
    /// What it is at.
    public let state: State
    /// The version that serves.
    public let version: Int
    /// Up to where it has dealt with what it hears of.
    public let position: Position
    /// How far that goes.
    public let head: Position
    /// Positions between the two.
    public let lag: Int64
    /// Positions that it passes a second, over the last ten.
    public let rate: Double
    /// Events that it has taken in.
    public let projected: UInt64
    /// Times that it has taken one in that it had before.
    public let projectedAgain: UInt64
    /// Times that it has taken one in behind a later one of the same stream.
    public let outOfOrder: UInt64
    /// Events that it has left out for good.
    public let leftOut: UInt64
    /// Events that are set aside.
    public let setAside: Int
    /// In how many streams.
    public let streamsSetAside: Int
    /// Events that count and are neither taken in nor set aside nor left out.
    public let unprojected: Int64
    /// Calls that wait for it.
    public let waiting: Int
    /// What it has done, and what was done with it.
    public let totals: ProjectionTotals
    /// What its runs have done, all lanes together.
    public let batches: Int
    /// Events that failed, every attempt counted.
    public let eventFailures: Int
    /// How many lanes it has.
    public let lanes: Int

    /// What a projection is at.
    public enum State: Hashable, Sendable {
        /// It has what there is.
        case live
        /// It is behind.
        case catchesUp
        /// A fault holds it down.
        case down
        /// It has stopped, or one of its lanes has.
        case stopped(ProjectionRun.StopReason)
        /// A new version is made beside it, which is at this position.
        case rebuilds(Position)
    }
}

extension World {
    /// How a projection stands.
    public func projection(_ index: Int) -> ProjectionView {
        let state = projections[index]
        let version = state.versions[state.servingIndex]
        let lanes = version.lanes.map { projections.lanes[$0].run }
        let (position, head) = (projections.settled(index), end(ofFeedOf: index))
        let counted = stores[state.plan.store].totals.appended(state.plan.category)
        let dealtWith = version.table.projected + version.table.leftOut + UInt64(version.table.letters.count)
        return ProjectionView(
            state: self.state(of: index, position, head), version: state.serving.version, position: position,
            head: head,
            lag: max(0, head - position),
            rate: state.meter.lag(at: now).rate, projected: version.table.projected,
            projectedAgain: version.table.again, outOfOrder: version.table.outOfOrder, leftOut: version.table.leftOut,
            setAside: version.table.letters.count, streamsSetAside: lanes.reduce(0) { $0 + $1.quarantined.count },
            unprojected: Int64(counted) - Int64(dealtWith), waiting: state.readers.waiting, totals: state.totals,
            batches: lanes.reduce(0) { $0 + $1.totals.batches },
            eventFailures: lanes.reduce(0) { $0 + $1.totals.eventFailures }, lanes: lanes.count)
    }

    private func state(of index: Int, _ position: Position, _ head: Position) -> ProjectionView.State {
        let state = projections[index]
        if state.isDown { return .down }
        let lanes = state.versions[state.servingIndex].lanes
        for lane in lanes {
            if let reason = projections.lanes[lane].run.stopReason { return .stopped(reason) }
        }
        if let rebuild = state.rebuild, let new = state.index(ofVersion: rebuild.new) {
            return .rebuilds(projections.settled(index, version: new))
        }
        return position < head ? .catchesUp : .live
    }

    /// How long ago the first event was appended that a projection wants and has not dealt with; zero if there is none.
    public func lagTime(ofProjection index: Int) -> Duration {
        let plan = projections[index].plan
        let end = end(ofFeedOf: index)
        var next = projections.settled(index)
        while next < end {
            next = next + 1
            if let mark = mark(at: next, of: plan, index), mark.isWanted { return max(.zero, now - mark.recordedAt) }
        }
        return .zero
    }

    /// Whether every projection that goes on has all that it hears of.
    var areProjectionsSettled: Bool {
        projections.indices.allSatisfy { index in
            let state = projections[index]
            guard !state.isDown, state.rebuild == nil else { return state.isDown }
            let isPending = state.publicationsUnderWay > 0
            return !isPending
                && lanes(of: index).allSatisfy { lane in
                    let run = projections.lanes[lane].run
                    return run.stopReason != nil || run.isSettled && run.settled >= end(ofFeedOf: index)
                }
        }
    }

    /// Takes a sample of how far each projection is.
    mutating func sampleProjections() {
        for index in projections.indices {
            projections[index].meter.note(
                position: projections.settled(index), head: end(ofFeedOf: index), oldestUnprocessed: nil, at: now)
        }
    }
}

extension World {
    /// How many rows of a projection's table are not what a fresh replay of its log would make them; nil while it is
    /// behind. What is set aside is not missed.
    public func rowsThatDiffer(inProjection index: Int) -> Int? {
        let state = projections[index]
        let end = end(ofFeedOf: index)
        guard projections.settled(index) == end else { return nil }
        let table = state.versions[state.servingIndex].table
        var rows: [ProjectionTable.Row] = Array(
            repeating: ProjectionTable.Row(), count: stores[state.plan.store].cluster.streamCount)
        let setAside = Set(table.letters.map(\.entry))
        var next = Position.start
        while next < end {
            next = next + 1
            let entry = entry(at: next, ofFeedOf: index)
            guard let mark = mark(at: next, of: state.plan, index), mark.isWanted, !setAside.contains(entry) else {
                continue
            }
            let stream = Int(mark.sequence.number)
            rows[stream].events += 1
            rows[stream].entry = max(rows[stream].entry, entry)
        }
        return rows.indices.count { table.row(of: UInt32($0)) != rows[$0] }
    }
}
