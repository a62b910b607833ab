public import Timeline

/// When the state of a stream is kept as a snapshot.
public struct SnapshotPolicy: Hashable, Sendable {
    /// A snapshot is taken of the state after every so many events; nil for none.
    public let interval: Int?

    /// No snapshots.
    public static var never: SnapshotPolicy { SnapshotPolicy(unchecked: nil) }

    /// A snapshot after every so many events.
    /// - Parameter interval: 1 or more.
    public init(every interval: Int) throws(SettingError) {
        guard interval >= 1 else { throw SettingError("every", given: interval, allowed: "1 or more") }
        self.init(unchecked: interval)
    }

    private init(unchecked interval: Int?) {
        self.interval = interval
    }

    /// Whether a snapshot is taken of the state that this event leads to, also in the midst of others that were appended
    /// with it. The fifth event, version 4, completes the first five.
    ///
    /// Source: pyeventsourcing, which so misses none where appends pass over a multiple.
    public func isDue(at version: StreamVersion) -> Bool {
        guard let interval else { return false }
        return (version.number + 1) % Int64(interval) == 0
    }
}
