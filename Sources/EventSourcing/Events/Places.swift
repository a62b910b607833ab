/// Where an event stands in its stream: 0 for the first, then without gaps.
///
/// A version is no ``Position``: to take the one for the other loses events or repeats them, so the compiler tells them
/// apart.
public struct StreamVersion: Hashable, Comparable, Sendable {
    /// The number, 0 or more.
    public let number: Int64

    /// The version of this number.
    @inlinable
    public init(_ number: Int64) {
        self.number = number
    }

    /// The first event's.
    @inlinable
    public static var first: StreamVersion { StreamVersion(0) }

    /// The version so many events later.
    @inlinable
    public static func + (version: StreamVersion, count: Int) -> StreamVersion {
        StreamVersion(version.number + Int64(count))
    }

    /// Whether the left version comes first.
    @inlinable
    public static func < (left: StreamVersion, right: StreamVersion) -> Bool { left.number < right.number }
}

extension StreamVersion: CustomStringConvertible {
    /// The number.
    public var description: String { String(number) }
}

/// Where an event stands among all events of a store: 1 for the first. Later events have greater positions, with gaps
/// where events were deleted or never became part of the log.
public struct Position: Hashable, Comparable, Sendable {
    /// The number, 0 or more.
    public let number: Int64

    /// The position of this number.
    @inlinable
    public init(_ number: Int64) {
        self.number = number
    }

    /// Before the first event.
    @inlinable
    public static var start: Position { Position(0) }

    /// The position so many places later.
    @inlinable
    public static func + (position: Position, count: Int) -> Position {
        Position(position.number + Int64(count))
    }

    /// By how many places the left position is the later.
    @inlinable
    public static func - (left: Position, right: Position) -> Int64 { left.number - right.number }

    /// Whether the left position comes first.
    @inlinable
    public static func < (left: Position, right: Position) -> Bool { left.number < right.number }
}

extension Position: CustomStringConvertible {
    /// The number.
    public var description: String { String(number) }
}
