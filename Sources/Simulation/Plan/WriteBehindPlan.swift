public import Caching

/// How the writes of a service reach a store later than they are answered.
public struct WriteBehindPlan: Hashable, Sendable {
    /// The queue of each replica.
    public var settings: WriteBehindSettings
    /// What takes a batch to the store.
    public var call: CallPlan

    /// Batches by this call.
    public init(settings: WriteBehindSettings, call: CallPlan) {
        self.settings = settings
        self.call = call
    }
}
