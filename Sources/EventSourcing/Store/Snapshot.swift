public import Timeline

/// The state that a stream's events lead to, kept so that they need not all be read.
///
/// It may always be lost: whoever cannot read it reads all events.
public struct Snapshot: Hashable, Sendable {
    /// The stream.
    public var stream: StreamName
    /// The last event that it includes.
    public var version: StreamVersion
    /// The version of its form, which its reader must know.
    public var schema: Int
    /// The state, in a form that the store does not look into.
    public var data: [UInt8]
    /// When it was taken.
    public var takenAt: Instant

    /// The state of a stream at a version.
    public init(stream: StreamName, version: StreamVersion, schema: Int = 1, data: [UInt8], takenAt: Instant) {
        self.stream = stream
        self.version = version
        self.schema = schema
        self.data = data
        self.takenAt = takenAt
    }
}
