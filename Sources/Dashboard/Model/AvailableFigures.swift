internal import EventSourcing
internal import Simulation

/// What the nodes of an event store that prefers availability know.
struct AvailableFigures: Hashable, Sendable {
    /// How many streams they do not have alike.
    let diverged: Int
    /// How many appends were made in ignorance of another one.
    let concurrent: UInt64
    /// How many events have lost their effect by that.
    let overruled: UInt64
    /// Its nodes.
    let nodes: [Node]

    /// What a node knows.
    struct Node: Hashable, Sendable {
        /// How many events it knows.
        let events: Int64
        /// How many conflicts it knows that nobody has settled.
        let openConflicts: UInt64
        /// What it has done.
        let totals: AvailableReplica.Totals
    }

    init(_ nodes: AvailableNodes) {
        diverged = nodes.diverged
        concurrent = nodes.concurrent
        overruled = nodes.overruled
        self.nodes = nodes.replicas.map {
            Node(events: $0.lastArrival.number, openConflicts: $0.openConflictCount, totals: $0.totals)
        }
    }
}
