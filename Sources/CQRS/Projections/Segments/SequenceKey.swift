public import EventSourcing
internal import Timeline

/// What events have in common that must be applied in order, as a rule their stream.
///
/// Different sequences may share a key; then they are kept in order together, and one that is set aside takes the
/// other along.
public struct SequenceKey: Hashable, Comparable, Sendable {
    /// The number.
    public let number: UInt64

    /// The key of a number, such as a stream's index.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// The key of whatever has this name: the same on every machine.
    public init(name: String) {
        var digest = Digest()
        digest.mix(text: name)
        number = digest.value
    }

    /// The key of a stream.
    public init(_ stream: StreamName) {
        self.init(name: stream.text)
    }

    /// Whether the left number is the smaller.
    public static func < (left: SequenceKey, right: SequenceKey) -> Bool { left.number < right.number }
}
