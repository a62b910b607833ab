public import EventSourcing
public import Timeline

/// Up to where a projection has dealt with the log: every event up to here has had its effect, none behind it has.
///
/// It is a place in the log of all streams. A stream's version says nothing about how far the log was read.
public struct Checkpoint: Hashable, Sendable {
    /// The last position that was dealt with.
    public let position: Position
    /// When it got there.
    public let movedAt: Instant

    /// A checkpoint at a position.
    public init(position: Position, movedAt: Instant) {
        self.position = position
        self.movedAt = movedAt
    }
}

/// Whose checkpoint it is. Each version and each segment of a projection has one of its own.
public struct ProjectionID: Hashable, Sendable {
    /// The projection: `OrderSummary`.
    public let name: String
    /// The version of its code and tables; a ``Rebuild`` makes the next one.
    public let version: Int
    /// The part of it; the whole is ``Segment/root``.
    public let segment: Segment

    /// A part of a version of a projection.
    public init(_ name: String, version: Int = 1, segment: Segment = .root) {
        self.name = name
        self.version = version
        self.segment = segment
    }

    /// The same version's other part.
    public func part(_ segment: Segment) -> ProjectionID {
        ProjectionID(name, version: version, segment: segment)
    }
}

extension ProjectionID: Comparable, CustomStringConvertible {
    /// Such as `OrderSummary:1`, and `OrderSummary:1:2/3` for a part.
    public var description: String {
        let whole = "\(name):\(version)"
        return segment == .root ? whole : "\(whole):\(segment)"
    }

    /// Whether the left one comes first by name, version and segment.
    public static func < (left: ProjectionID, right: ProjectionID) -> Bool {
        (left.name, left.version, left.segment) < (right.name, right.version, right.segment)
    }
}
