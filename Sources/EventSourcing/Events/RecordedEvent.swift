public import Timeline

/// An event with its place in a store.
public struct RecordedEvent: Hashable, Sendable {
    /// The stream that it is in.
    public let stream: StreamName
    /// Where it stands in its stream.
    public let version: StreamVersion
    /// Where it stands in the log of the whole store.
    public let position: Position
    /// When it was appended.
    public let recordedAt: Instant
    /// What has happened.
    public let event: EventData

    /// An event at a place.
    public init(
        stream: StreamName, version: StreamVersion, position: Position, recordedAt: Instant, event: EventData
    ) {
        self.stream = stream
        self.version = version
        self.position = position
        self.recordedAt = recordedAt
        self.event = event
    }
}

extension RecordedEvent {
    /// The type of the event that ends a stream for ever; see ``EventStore/delete(_:for:expecting:at:)``.
    public static var tombstoneType: String { "$deleted" }

    /// Whether it ends its stream for ever.
    public var isTombstone: Bool { event.type == Self.tombstoneType }
}
