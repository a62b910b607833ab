/// A write of a key as two places compare it.
public struct StampedWrite<Value: Sendable>: Sendable {
    /// What it makes of the key.
    public var operation: WriteOperation<Value>
    /// Its number among all writes of its source; no two writes have the same.
    public var sequence: UInt64
    /// How often the value has been changed, this change included.
    public var version: UInt64

    /// A write with its stamps.
    public init(_ operation: WriteOperation<Value>, sequence: UInt64, version: UInt64) {
        self.operation = operation
        self.sequence = sequence
        self.version = version
    }
}

/// Which of two writes of a key stands: the one that is held, or the one that comes.
///
/// No rule looks at a clock: two writes at one instant would be a draw, and clocks of two machines differ.
public enum ConflictResolver: Hashable, Sendable, CaseIterable {
    /// The write with the higher sequence number. Two equal numbers are the same write, come twice: the held one stays.
    case lastSequence
    /// The write with the higher version. Two of the same version are the same write, come twice: the held one stays.
    case version
    /// Both values, put together by the caller's function. A delete cannot be merged: there the last sequence decides.
    /// Of two with the same number, the higher version stands, since the other is merged into it; equal ones are the
    /// same write. That holds as long as one place merges a key: two merges of one write made apart look the same.
    case merge

    /// What is to be held from now on.
    public enum Resolution<Value: Sendable>: Sendable {
        /// What is held already; the one that comes is too late, or known.
        case held
        /// The one that comes.
        case incoming
        /// A new value made of both, with the later one's sequence number and weight, and a version above both, so that
        /// either side takes it.
        case merged(StampedWrite<Value>)
    }

    /// Decides between two writes of one key.
    /// - Parameters:
    ///   - held: what is there; nil for nothing, so that whatever comes is taken.
    ///   - incoming: what comes.
    ///   - merge: for ``merge``, makes one value of two; it is given the earlier by sequence first, whoever holds it.
    ///     If writes can come twice or over several ways, it has to be commutative, associative and idempotent, as
    ///     the union of sets is. By default the later value is the result.
    public func resolve<Value>(
        held: StampedWrite<Value>?, incoming: StampedWrite<Value>,
        merge: (_ earlier: Value, _ later: Value) -> Value = { _, later in later }
    ) -> Resolution<Value> {
        guard let held else { return .incoming }
        switch self {
        case .lastSequence: return held.sequence < incoming.sequence ? .incoming : .held
        case .version: return held.version < incoming.version ? .incoming : .held
        case .merge: return merged(held, incoming, by: merge)
        }
    }

    private func merged<Value>(
        _ held: StampedWrite<Value>, _ incoming: StampedWrite<Value>, by merge: (Value, Value) -> Value
    ) -> Resolution<Value> {
        if held.sequence == incoming.sequence { return held.version < incoming.version ? .incoming : .held }
        let isInOrder = held.sequence < incoming.sequence
        let (earlier, later) = isInOrder ? (held, incoming) : (incoming, held)
        guard case .set(let first, _) = earlier.operation, case .set(let second, let weight) = later.operation
        else { return isInOrder ? .incoming : .held }
        let version = max(held.version, incoming.version)
        return .merged(
            StampedWrite(
                .set(merge(first, second), weight: weight), sequence: later.sequence,
                version: version < .max ? version + 1 : version))
    }
}

extension StampedWrite: Equatable where Value: Equatable {}

extension ConflictResolver.Resolution: Equatable where Value: Equatable {}
