/// What a store knows about a stream as a whole.
public struct StreamState: Hashable, Sendable {
    /// Its last event ever, hidden or not; nil if there never was one. A tombstone is not counted.
    public var lastVersion: StreamVersion?
    /// Where its present life began: behind all that was there when it was last deleted for the time being.
    public var beginning: StreamVersion
    /// The first event that can still be read, if it is there: later than the beginning in a truncated stream.
    public var firstVersion: StreamVersion
    /// Whether it was deleted for ever.
    public var isTombstoned: Bool

    /// A stream that never was.
    public static var none: StreamState {
        StreamState(lastVersion: nil, beginning: .first, firstVersion: .first, isTombstoned: false)
    }

    /// What is known about a stream.
    public init(
        lastVersion: StreamVersion?, beginning: StreamVersion, firstVersion: StreamVersion, isTombstoned: Bool
    ) {
        self.lastVersion = lastVersion
        self.beginning = beginning
        self.firstVersion = firstVersion
        self.isTombstoned = isTombstoned
    }

    /// Whether it had events and was deleted for the time being, and nothing was appended since.
    public var isDeletedForNow: Bool { lastVersion.map { beginning > $0 } ?? false }

    /// The versions that can be read; nil if there are none.
    public var versions: ClosedRange<StreamVersion>? {
        guard let lastVersion, !isTombstoned, firstVersion <= lastVersion else { return nil }
        return firstVersion...lastVersion
    }

    /// The version that the next event gets.
    public var nextVersion: StreamVersion { lastVersion.map { $0 + 1 } ?? .first }

    /// Hides what is before a version, one behind the last at most.
    public mutating func hide(before version: StreamVersion) {
        firstVersion = max(firstVersion, min(version, nextVersion))
    }

    /// Ends the present life of the stream, for the time being or for ever.
    public mutating func end(for extent: Deletion) {
        beginning = nextVersion
        firstVersion = nextVersion
        isTombstoned = extent == .forEver
    }

    /// Whether a snapshot can be used: it is of the stream's present life, no older than what can still be read
    /// behind it, and no newer than its last event.
    public func bearsOut(_ snapshot: Snapshot) -> Bool {
        guard let lastVersion, !isTombstoned, snapshot.version <= lastVersion else { return false }
        return snapshot.version >= beginning && snapshot.version + 1 >= firstVersion
    }
}
