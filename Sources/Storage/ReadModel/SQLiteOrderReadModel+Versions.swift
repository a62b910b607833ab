public import CQRS
import EventSourcing
public import Orders

extension SQLiteOrderReadModel {
    /// Which version serves, and what becomes of it.
    public func serving() throws(ReadModelError) -> ServingVersion {
        try transaction(isReading: true) { try $0.serving() }
    }

    /// Begins a version beside the one that serves.
    public func prepare(_ version: Int, number: UInt64) throws(ReadModelError) -> Bool {
        try transaction { tables in
            var serving = try tables.serving()
            guard serving.propose(version, number: number) else { return false }
            for other in try tables.all() where serving.replayedThrough(for: other) == nil { try tables.drop(other) }
            try tables.make(version)
            try tables.set(serving)
            return true
        }
    }

    /// Lets a version serve.
    public func serve(
        from old: Int, to new: Int, number: UInt64
    ) throws(ReadModelError) -> ServingVersion.Switch {
        try transaction { tables in
            var serving = try tables.serving()
            let checkpoints = try [old, new].compactMap { try tables.checkpoint(of: $0) }
            let outcome = serving.change(from: old, to: new, number: number, checkpoints: checkpoints)
            guard case .switched = outcome else { return outcome }
            try tables.set(serving)
            try tables.show(new)
            return outcome
        }
    }

    /// Drops a version.
    public func drop(_ version: Int, number: UInt64) throws(ReadModelError) -> ServingVersion.Withdrawal {
        try transaction { tables in
            var serving = try tables.serving()
            let withdrawal = serving.withdraw(version, number: number)
            guard withdrawal == .withdrawn else { return withdrawal }
            try tables.set(serving)
            try tables.drop(version)
            return withdrawal
        }
    }
}
