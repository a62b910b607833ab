import EventSourcing
import Timeline

/// The stores that keep the contract; every test of it runs on each.
enum Backend: String, CaseIterable, Sendable {
    case memory
    case pageCached

    /// An empty store.
    func makeStore(limits: AppendLimits = .standard) throws -> any EventStore {
        switch self {
        case .memory: MemoryEventStore(limits: limits)
        case .pageCached: PageCachedStore(MemoryEventStore(limits: limits), pages: 4)
        }
    }
}
