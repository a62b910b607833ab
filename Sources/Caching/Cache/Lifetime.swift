public import Timeline

/// How long the entries of a cache live: by the clock of whoever asks, and gone at the very instant at which it ends.
public struct Lifetime: Hashable, Sendable {
    /// From when the value was loaded, however often it is read; nil for ever.
    public var afterWrite: Duration?
    /// From when it was last read or written; nil for ever. It ends no life later than ``afterWrite`` does.
    public var afterAccess: Duration?

    /// Lives of these lengths; for ever by default.
    @inlinable
    public init(afterWrite: Duration? = nil, afterAccess: Duration? = nil) {
        self.afterWrite = afterWrite
        self.afterAccess = afterAccess
    }

    /// No end.
    @inlinable
    public static var forever: Lifetime { Lifetime() }
}
