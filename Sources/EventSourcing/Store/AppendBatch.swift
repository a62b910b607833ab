/// Appends that take place together, each new or as a repetition.
public struct AppendBatch: Sendable {
    /// Each append, and its last event if it was there before.
    public private(set) var parts: [(append: StreamAppend, wasThere: StreamVersion?)] = []

    /// Decides about several appends as one.
    ///
    /// Either all that bring events are new, or all took place before; in that case the checks of other streams, which
    /// held then, need not hold now. Source: KurrentDB, `StorageWriterService.VerifyCommitChecks`.
    /// - Throws: why none of them takes place.
    public init(
        _ appends: [StreamAppend], decide: (StreamAppend) throws(EventStoreError) -> StreamState.Decision
    ) throws(EventStoreError) {
        var refusal: EventStoreError?
        parts.reserveCapacity(appends.count)
        for append in appends {
            switch try decide(append) {
            case .append: parts.append((append, nil))
            case .wasThere(let version): parts.append((append, version))
            case .refuse(let error):
                guard append.events.isEmpty else { throw error }
                refusal = refusal ?? error
                parts.append((append, nil))
            }
        }
        let there = parts.first { $0.wasThere != nil }
        let isNew = parts.contains { $0.wasThere == nil && !$0.append.events.isEmpty }
        if let there, isNew { throw .partlyThere(there.append.stream) }
        if let refusal, there == nil { throw refusal }
    }
}
