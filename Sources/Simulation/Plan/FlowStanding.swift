/// How a flow of a choreography stands.
public enum FlowStanding: String, CaseIterable, Hashable, Sendable {
    /// On its way, and nothing has failed.
    case running
    /// On its way after something has failed, or has not come in time.
    case compensating
    /// With nothing on its way that could move it, and no timeout, though it has not ended.
    case orphaned
    /// Gone farther than it may; it waits for an operator.
    case parked
    /// Ended well.
    case completed
    /// Ended badly.
    case compensated
    /// Closed by an operator.
    case closed

    /// Whether the flow has ended.
    public var isOver: Bool {
        switch self {
        case .running, .compensating, .orphaned, .parked: false
        case .completed, .compensated, .closed: true
        }
    }

    /// How those may stand that have not ended.
    public static let underWay = allCases.filter { !$0.isOver }

    /// How they stand, behind `51 flows`.
    public var words: String {
        switch self {
        case .running: "on the way, and nothing has failed"
        case .compensating: "on the way after something has failed or not come in time"
        case .orphaned: "with nothing on the way that could move them"
        case .parked: "gone farther than they may"
        case .completed: "ended well"
        case .compensated: "ended badly"
        case .closed: "closed by an operator"
        }
    }
}
