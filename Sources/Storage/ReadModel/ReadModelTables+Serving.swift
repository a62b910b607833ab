import CQRS
import EventSourcing
import Orders

extension ReadModelTables {
    /// Which version serves, and what becomes of it.
    func serving() throws -> ServingVersion {
        let row = try prepared().serving
        guard try row.step() else {
            throw ReadModelError.storage(
                "the read model is damaged: nobody knows which version serves; have it made anew")
        }
        defer { row.reset() }
        func number(_ column: Int32) -> Int? { row.isNothing(column) ? nil : Int(row.number(column)) }
        return ServingVersion(
            version: Int(row.number(0)), since: Position(row.number(1)), previous: number(2),
            previousSince: Position(row.number(3)), candidate: number(4),
            lastProposal: UInt64(bitPattern: row.number(5)))
    }

    /// Writes down which version serves.
    func set(_ serving: ServingVersion) throws {
        let set = try prepared().setServing
        set.bind(Int64(serving.version), at: 1)
        set.bind(serving.since.number, at: 2)
        set.bind(serving.previousSince.number, at: 4)
        set.bind(Int64(bitPattern: serving.lastProposal), at: 6)
        for (place, version) in [(Int32(3), serving.previous), (5, serving.candidate)] {
            if let version { set.bind(Int64(version), at: place) } else { set.bindNothing(at: place) }
        }
        try set.run()
    }
}

extension ServingVersion {
    /// What was stored, by way of the shortest history that leads to it.
    fileprivate init(
        version: Int, since: Position, previous: Int?, previousSince: Position, candidate: Int?, lastProposal: UInt64
    ) {
        self.init(previous ?? version)
        guard let previous else {
            restart(replayingThrough: since)
            guard lastProposal > 0 else { return }
            let last = candidate ?? version &+ 1
            _ = propose(last, number: lastProposal)
            if candidate == nil { _ = withdraw(last, number: lastProposal) }
            return
        }
        restart(replayingThrough: previousSince)
        _ = propose(version, number: lastProposal)
        _ = change(from: previous, to: version, number: lastProposal, checkpoints: [since])
    }
}
