import CQRS
import EventSourcing
import Timeline

/// The chapter of the projections: their tables, their workers, and what is under way between these.
struct ProjectionHost: Sendable {
    private(set) var projections: [Projection]
    /// The workers of all versions that there have been.
    private(set) var lanes: [Lane] = []
    /// What lanes have asked for.
    var errands = Slots<LaneErrand>()
    /// Events on their way from services that publish them.
    private var publications = Slots<Publication>()
    private let queries: [QueryPlan?]

    /// An event on its way to a projection.
    struct Publication: Hashable, Sendable {
        let projection: UInt16
        let entry: UInt32
    }

    init(plan: Plan) {
        projections = plan.projections.map { Projection($0, seed: plan.seed) }
        queries = plan.operations.map(\.query)
        for index in projections.indices { addVersion(1, to: index) }
    }

    mutating func change(to plan: Plan) {
        for (index, projection) in plan.projections.enumerated() { projections[index].change(to: projection) }
    }

    subscript(projection: Int) -> Projection {
        get { projections[projection] }
        _modify { yield &projections[projection] }
    }

    subscript(lane lane: Int) -> Lane {
        get { lanes[lane] }
        _modify { yield &lanes[lane] }
    }

    var indices: Range<Int> { projections.indices }

    /// What an operation reads; nil if it reads nothing.
    func query(of operation: UInt16) -> QueryPlan? { queries[Int(operation)] }

    /// Makes a version of a projection, with an empty table and lanes that have not begun.
    mutating func addVersion(_ number: Int, to projection: Int, replayedThrough: Position = .start) {
        let plan = projections[projection].plan
        let segments = Segment.balanced(plan.lanes)
        let first = lanes.count
        for (lane, segment) in segments.enumerated() {
            let settings = plan.settings(for: segment, isRebuild: number > 1)
            lanes.append(
                Lane(
                    projection: UInt16(projection), version: number, number: lane,
                    run: ProjectionRun(settings, replayedThrough: replayedThrough)))
        }
        projections[projection].versions.append(
            Projection.Version(
                number: number, lanes: first..<lanes.count, table: ProjectionTable(lanes: segments.count)))
    }

    /// The version that a lane works on, by its place; nil if it has been dropped.
    func version(ofLane lane: Int) -> Int? {
        projections[Int(lanes[lane].projection)].index(ofVersion: lanes[lane].version)
    }

    /// Up to where the version that serves has dealt with what it hears of.
    func settled(_ projection: Int) -> Position {
        settled(projection, version: projections[projection].servingIndex)
    }

    func settled(_ projection: Int, version: Int) -> Position {
        projections[projection].versions[version].lanes.map { lanes[$0].run.settled }.min() ?? .start
    }

    /// Sends an event on its way; returns its slot.
    mutating func send(_ publication: Publication) -> UInt32 {
        projections[Int(publication.projection)].publicationsUnderWay += 1
        return publications.put(publication)
    }

    /// An event has arrived at its projection; returns which.
    mutating func receive(_ slot: UInt32) -> Int {
        let publication = publications.take(slot)
        let projection = Int(publication.projection)
        projections[projection].publicationsUnderWay -= 1
        projections[projection].published.append(publication.entry)
        return projection
    }

    /// About how many bytes a copy takes once the original goes on.
    var footprint: Int {
        projections.reduce(0) { $0 + $1.versions.reduce(0) { $0 + $1.table.footprint } }
            + lanes.count * MemoryLayout<Lane>.stride
    }

    func mix(into digest: inout Digest) {
        for projection in projections { projection.mix(into: &digest) }
        for lane in lanes { digest.mix(UInt64(bitPattern: lane.run.settled.number), UInt64(lane.run.generation)) }
        errands.mix(into: &digest)
    }
}

extension ProjectionPlan {
    /// The settings of one lane's run.
    fileprivate func settings(for segment: Segment, isRebuild: Bool) -> ProjectionRun.Settings {
        do throws(SettingError) {
            return try ProjectionRun.Settings(
                batchSize: run.batchSize, linger: run.linger, checkpointAfter: run.checkpointAfter,
                readAhead: run.readAhead, poll: run.poll, retry: run.retry, eventRetry: run.eventRetry,
                errors: run.errors, rival: run.rival, quarantine: run.quarantine, segment: segment,
                pace: isRebuild ? rebuildPace : run.pace)
        } catch {
            preconditionFailure("a plan's settings are checked: \(error)")
        }
    }
}
