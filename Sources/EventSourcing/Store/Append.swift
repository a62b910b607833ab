/// What must be true of a stream for an append to take place.
public enum ExpectedVersion: Hashable, Sendable {
    /// Whatever the stream holds.
    case any
    /// That it has no events, or was deleted for the time being.
    case noStream
    /// That it has events.
    case streamExists
    /// That this is its last event.
    case exactly(StreamVersion)
}

extension ExpectedVersion: CustomStringConvertible {
    /// In words.
    public var description: String {
        switch self {
        case .any: "any version"
        case .noStream: "no stream"
        case .streamExists: "a stream with events"
        case .exactly(let version): "version \(version)"
        }
    }
}

/// Events for one stream, to be appended together.
public struct StreamAppend: Hashable, Sendable {
    /// The stream.
    public var stream: StreamName
    /// What must be true of it.
    public var expected: ExpectedVersion
    /// The events, in order. Without any, the version is checked all the same.
    public var events: [EventData]

    /// Events for a stream.
    public init(_ events: [EventData], to stream: StreamName, expecting expected: ExpectedVersion) {
        self.stream = stream
        self.expected = expected
        self.events = events
    }
}

/// What came of an append.
public struct Appended: Hashable, Sendable {
    /// The last of the appended events, in its stream; nil if the append was without events, to a stream without any.
    public let lastVersion: StreamVersion?
    /// Where the last of the appended events stands in the log; nil without events.
    public let position: Position?
    /// Whether all of it was there before: the append was a repetition.
    public let wasThere: Bool

    /// What came of an append.
    public init(lastVersion: StreamVersion?, position: Position?, wasThere: Bool) {
        self.lastVersion = lastVersion
        self.position = position
        self.wasThere = wasThere
    }
}
