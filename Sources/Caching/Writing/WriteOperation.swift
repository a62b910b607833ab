/// What a write does to its key.
public enum WriteOperation<Value: Sendable>: Sendable {
    /// The key gets this value; the weight is what a cache is told when it takes the value in, 1 or more.
    case set(Value, weight: Int = 1)
    /// The key has no value any more. It stays a delete on its way to the store.
    case delete

    /// The value that is set; nil for a delete.
    @inlinable
    public var value: Value? { if case .set(let value, _) = self { value } else { nil } }
}

extension WriteOperation: Equatable where Value: Equatable {}
