public import EventSourcing

/// A checkpoint's way from one position to another: a compare-and-set.
///
/// It belongs into the transaction that changes the read model, so that both happen or neither does: then a crash
/// between them applies nothing twice, and of two runs that deal with the same events only one can have an effect.
///
/// What is stored is compared as Emmett compares it for PostgreSQL, with one difference: a checkpoint never goes back
/// this way, not even from where it is. Whoever wants to go back says so; see ``Checkpoints/reset(_:to:at:)``. A
/// checkpoint that is not stored yet is at ``Position/start``.
///
/// Source: Emmett, `storeProcessorCheckpoint`; Marten throws `ProgressionProgressOutOfOrderException`.
public struct CheckpointMove: Hashable, Sendable {
    /// Where the checkpoint must be.
    public let from: Position
    /// Where it will be.
    public let to: Position

    /// A move between two positions.
    public init(from: Position, to: Position) {
        self.from = from
        self.to = to
    }

    /// What comes of a move.
    public enum Outcome: Hashable, Sendable {
        /// The checkpoint moved, and the changes that came with it took place.
        case moved
        /// The checkpoint is there already: somebody has moved it, perhaps by this very move. Nothing took place.
        case wasThere
        /// The checkpoint is elsewhere, and not beyond where it was to go. Nothing took place.
        case mismatch(stored: Position)
        /// The checkpoint is beyond where it was to go. Nothing took place.
        case ahead(stored: Position)
    }

    /// What comes of the move where the checkpoint is here.
    public func outcome(at stored: Position) -> Outcome {
        if stored == to { return .wasThere }
        if stored > to { return .ahead(stored: stored) }
        return stored == from ? .moved : .mismatch(stored: stored)
    }
}
