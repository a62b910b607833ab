extension StreamState {
    /// Whether an append takes place.
    public enum Decision: Hashable, Sendable {
        /// It does.
        case append
        /// It took place before; this is its last event.
        case wasThere(StreamVersion)
        /// It does not.
        case refuse(EventStoreError)
    }

    /// Decides about an append to a stream in this state: the rules that every store keeps.
    ///
    /// An append at the very version that it expects takes place, whatever its ids are. One that expects an earlier
    /// version was there if the stream holds its ids at just those places, and one that does not care was there if
    /// the stream holds its ids at all. If it holds the first of them but not all, that is no repetition but a mistake.
    /// - Parameters:
    ///   - append: what is to be appended.
    ///   - versionOf: where the stream holds an event of this id, hidden ones included; the latest of several.
    ///   - idAt: the id of the stream's event of this version.
    ///
    /// Source: KurrentDB, `IndexWriter.CheckCommit`.
    public func decide<Failure: Error>(
        _ append: StreamAppend,
        versionOf: (EventID) throws(Failure) -> StreamVersion?,
        idAt: (StreamVersion) throws(Failure) -> EventID?
    ) throws(Failure) -> Decision {
        if isTombstoned { return .refuse(.streamDeleted(append.stream)) }
        switch append.expected {
        case .any:
            return try decideByIDs(append, versionOf: versionOf)
        case .streamExists:
            if isDeletedForNow { return .refuse(.streamDeleted(append.stream)) }
            guard lastVersion != nil else { return refusal(of: append) }
            return try decideByIDs(append, versionOf: versionOf)
        case .noStream:
            guard lastVersion != nil else { return .append }
            let decision = try decideByPlaces(append, from: .first, idAt: idAt)
            if case .refuse(.wrongVersion) = decision, isDeletedForNow { return .append }
            return decision
        case .exactly(let version):
            if version == lastVersion { return .append }
            guard let lastVersion, version < lastVersion else { return refusal(of: append) }
            return try decideByPlaces(append, from: version + 1, idAt: idAt)
        }
    }

    private func decideByIDs<Failure: Error>(
        _ append: StreamAppend, versionOf: (EventID) throws(Failure) -> StreamVersion?
    ) throws(Failure) -> Decision {
        var last: StreamVersion?
        for event in append.events {
            guard let version = try versionOf(event.id) else {
                return last == nil ? .append : .refuse(.partlyThere(append.stream))
            }
            last = version
        }
        return last.map { .wasThere($0) } ?? .append
    }

    private func decideByPlaces<Failure: Error>(
        _ append: StreamAppend, from start: StreamVersion, idAt: (StreamVersion) throws(Failure) -> EventID?
    ) throws(Failure) -> Decision {
        var version = start
        for event in append.events {
            guard try idAt(version) == event.id else { return refusal(of: append) }
            version = version + 1
        }
        return append.events.isEmpty ? refusal(of: append) : .wasThere(start + (append.events.count - 1))
    }

    private func refusal(of append: StreamAppend) -> Decision {
        .refuse(.wrongVersion(append.stream, expected: append.expected, actual: lastVersion))
    }
}
