/// Appends to several streams that take place together, and which of them took place before.
public struct AppendBatch: Sendable {
    private let appends: [StreamAppend]
    private let repetitions: [StreamVersion?]

    /// Appends, and for each the last version if it was there before.
    public init(_ appends: [StreamAppend], _ repetitions: [StreamVersion?]) {
        self.appends = appends
        self.repetitions = repetitions
    }

    /// Settles all appends in order, each new or as a repetition.
    ///
    /// Either all that bring events are new, or all are repetitions; those without events only check a version.
    /// - Throws: ``EventStoreError/partlyThere(_:)`` before anything has been settled.
    public func settle(
        _ body: (StreamAppend, StreamVersion?) throws(EventStoreError) -> Appended
    ) throws(EventStoreError) -> [Appended] {
        let there = zip(appends, repetitions).first { $0.1 != nil }
        if let there, zip(appends, repetitions).contains(where: { $0.1 == nil && !$0.0.events.isEmpty }) {
            throw .partlyThere(there.0.stream)
        }
        var settled: [Appended] = []
        settled.reserveCapacity(appends.count)
        for (append, repetition) in zip(appends, repetitions) { settled.append(try body(append, repetition)) }
        return settled
    }
}
