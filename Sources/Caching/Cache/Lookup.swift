public import Timeline

/// What a cache answers when it is asked for a key.
public enum Lookup<Value: Sendable>: Sendable {
    /// The value, and how long ago it was loaded; less than zero for one who asks at an earlier moment.
    case hit(Value, age: Duration)
    /// The value was held, but its time to live is over; it is gone now.
    case expired
    /// The key is not held.
    case miss

    /// Whether there was a value.
    @inlinable
    public var isHit: Bool { if case .hit = self { true } else { false } }
}

extension Lookup: Equatable where Value: Equatable {}
