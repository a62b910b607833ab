/// Appends that take place together, each new or as a repetition.
public struct AppendBatch: Sendable {
    /// Each append, and its last event if it was there before.
    public private(set) var parts: [(append: StreamAppend, wasThere: StreamVersion?)] = []

    /// Decides about several appends as one.
    ///
    /// Either all that bring events are new, or all took place before; in that case the checks of other streams, which
    /// held then, need not hold now. Source: KurrentDB, `StorageWriterService.VerifyCommitChecks`.
    /// - Parameters:
    ///   - appends: the appends.
    ///   - decisions: for each the state of its stream, and what that decides.
    /// - Throws: why none of them takes place.
    public init(
        _ appends: [StreamAppend], decisions: [(state: StreamState, decision: StreamState.Decision)]
    ) throws(EventStoreError) {
        var refusal: EventStoreError?
        parts.reserveCapacity(appends.count)
        for (append, (state, decision)) in zip(appends, decisions) {
            if case .wasThere(let version) = decision {
                parts.append((append, version))
                continue
            }
            if let error = decision.refusal(of: append, in: state) {
                guard append.events.isEmpty else { throw error }
                refusal = refusal ?? error
            }
            parts.append((append, nil))
        }
        let there = parts.first { $0.wasThere != nil }
        let isNew = parts.contains { $0.wasThere == nil && !$0.append.events.isEmpty }
        if let there, isNew { throw .partlyThere(there.append.stream) }
        if let refusal, there == nil { throw refusal }
    }
}

extension StreamState.Decision {
    /// Why an append does not take place; nil if it does, or did.
    public func refusal(of append: StreamAppend, in state: StreamState) -> EventStoreError? {
        switch self {
        case .append, .wasThere: nil
        case .wrongVersion: .wrongVersion(append.stream, expected: append.expected, actual: state.lastVersion)
        case .deleted: .streamDeleted(append.stream)
        case .partlyThere: .partlyThere(append.stream)
        }
    }
}
