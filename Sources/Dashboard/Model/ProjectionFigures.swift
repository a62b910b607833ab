internal import CQRS
internal import EventSourcing
internal import Simulation
internal import Timeline

/// A projection as it stands.
struct ProjectionFigures: Sendable {
    let view: ProjectionView
    /// How long ago the first event was appended that it has not dealt with.
    let lagTime: Duration
    /// When it will have caught up if it goes on like this; nil if it will not.
    let timeToCatchUp: Duration?
    /// The version that is made beside the one that serves, and how far it is.
    let rebuild: RebuildFigures?

    /// How many events count that it neither has nor will come to by itself.
    let missing: Int64
    private let unaccounted: Int64

    /// - Parameter earlier: how it stood a moment ago: what was missing then and is not any more was on its way.
    init(_ projection: Int, in world: World, after earlier: ProjectionFigures?) {
        view = world.projection(projection)
        lagTime = world.lagTime(ofProjection: projection)
        timeToCatchUp = world.lag(ofProjection: projection).timeToCatchUp
        unaccounted = max(0, view.unprojected - view.lag)
        missing = min(unaccounted, earlier?.unaccounted ?? unaccounted)
        rebuild = RebuildFigures(projection, view, in: world)
    }

    /// Less than this behind, it is as good as there.
    private static let live = Duration.seconds(1)
    /// More than this behind is far.
    private static let far = Duration.seconds(5)

    /// Whether it is so little behind that nobody would notice.
    var isLive: Bool { lagTime < Self.live }

    /// Whether it is so far behind that somebody should look.
    var isFarBehind: Bool { lagTime >= Self.far }

    /// Whether it has stopped and nothing will let it go on but somebody who says so.
    var hasStopped: Bool {
        switch view.state {
        case .stopped(.goal): false
        case .stopped: true
        case .live, .catchesUp, .down, .rebuilds: false
        }
    }
}

/// How far a rebuild is.
struct RebuildFigures: Sendable {
    let version: Int
    let phase: Rebuild.Phase
    let position: Position
    /// The share of the log that it has behind it, 0 to 1.
    let share: Double
    /// When it will have caught up if it goes on like this; nil if it will not, or has only begun.
    let timeToCatchUp: Duration?

    init?(_ projection: Int, _ view: ProjectionView, in world: World) {
        guard let rebuild = world.rebuild(ofProjection: projection) else { return nil }
        let progress = rebuild.progress(at: world.now)
        (version, phase) = (rebuild.new, rebuild.phase)
        // The rebuild hears of progress only now and then; its lanes know better.
        let lanes = world.lanes(ofProjection: projection).filter { $0.version == rebuild.new }
        position = lanes.map(\.position).min() ?? progress.position
        share = view.head.number > 0 ? min(1, Double(position.number) / Double(view.head.number)) : 1
        timeToCatchUp = progress.position > .start ? progress.lag.timeToCatchUp : nil
    }
}
