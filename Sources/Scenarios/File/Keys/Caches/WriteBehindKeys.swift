import Caching
import Simulation
import Timeline

extension CacheKeys {
    /// The keys of writes that reach their store later than they are answered.
    enum WriteBehindKeys {
        static let call = Key(
            "call", OperationNotation(), isLive: false, "the operation that takes a batch of writes to the store")
        static let queue = Key(
            "queue", CountNotation(range: 1...10_000_000, unit: ("write", "writes")), standard: "1000 writes",
            isLive: false, "how many writes wait at each replica; what finds no room fails")
        static let batch = Key(
            "batch", CountNotation(range: 1...10_000_000, unit: ("write", "writes")), standard: "100 writes",
            isLive: false, "how many writes go with one call at most")
        static let delay = Key(
            "delay", TimeNotation.any, standard: "1s", isLive: false,
            "how long a write waits at most for others to go with")
        static let batches = Key(
            "batches", CountNotation(range: 1...1_000), standard: "1", isLive: false,
            "how many batches are on their way at once")
        static let attempts = Key(
            "attempts", CountNotation(range: 1...1_000_000), standard: "5", isLive: false,
            "how often a write is tried until it has failed, and leaves the cache")
        static let coalesce = Key(
            "coalesce", FlagNotation(), standard: "yes", isLive: false,
            "whether a write takes the place of one of its key that still waits")

        static let section = Section(
            title: "a queue of writes",
            fields: [
                .setting(call), .setting(queue), .setting(batch), .setting(delay), .setting(batches),
                .setting(attempts), .setting(coalesce),
            ])
    }
}
