/// What a store knows about a stream as a whole.
public struct StreamState: Hashable, Sendable {
    /// Its last event ever, deleted or not; nil if there never was one. A tombstone is not counted.
    public var lastVersion: StreamVersion?
    /// The first event that can still be read, if it is there.
    public var firstVersion: StreamVersion
    /// Whether it was deleted for ever.
    public var isTombstoned: Bool

    /// A stream that never was.
    public static var none: StreamState {
        StreamState(lastVersion: nil, firstVersion: .first, isTombstoned: false)
    }

    /// What is known about a stream.
    public init(lastVersion: StreamVersion?, firstVersion: StreamVersion, isTombstoned: Bool) {
        self.lastVersion = lastVersion
        self.firstVersion = firstVersion
        self.isTombstoned = isTombstoned
    }

    /// Whether it had events, and none of them can be read any more.
    public var isEmptied: Bool { lastVersion.map { firstVersion > $0 } ?? false }

    /// The versions that can be read; nil if there are none.
    public var versions: ClosedRange<StreamVersion>? {
        guard let lastVersion, !isTombstoned, firstVersion <= lastVersion else { return nil }
        return firstVersion...lastVersion
    }

    /// The version that the next event gets.
    public var nextVersion: StreamVersion { lastVersion.map { $0 + 1 } ?? .first }
}
