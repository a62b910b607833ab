import EventSourcing
import Storage
import Timeline

/// The stores that keep the contract; every test of it runs on each.
enum Backend: String, CaseIterable, Sendable {
    case memory
    case pageCached
    case cluster
    case sqlite

    /// Whether appends to several streams can take place in one step.
    var isOnePlace: Bool { self != .cluster }

    /// An empty store.
    func makeStore(limits: AppendLimits = .standard) throws -> any EventStore {
        switch self {
        case .memory: MemoryEventStore(limits: limits)
        case .pageCached: PageCachedStore(MemoryEventStore(limits: limits), pages: 4)
        case .sqlite: try SQLiteEventStore(path: nil, limits: limits)
        case .cluster: ClusterEventStore(try ClusterSettings(), limits: limits)
        }
    }
}
