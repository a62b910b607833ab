public import CQRS
public import EventSourcing

/// What has changed in a read model, for whoever keeps results of queries.
public enum ReadModelChange: Hashable, Sendable {
    /// What these tags stand for, by events up to a position; nil if that is not known.
    case tags([String], at: Position?)
    /// Nobody knows what: somebody else has written, an answer was lost, or another version serves.
    case everything
}

extension QueryBus {
    /// Drops the results that a change makes stale.
    public mutating func take(_ change: ReadModelChange) {
        switch change {
        case .tags(let tags, let position): invalidate(tags, at: position)
        case .everything: invalidateAll()
        }
    }
}
