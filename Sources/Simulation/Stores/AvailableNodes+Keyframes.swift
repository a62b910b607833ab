import EventSourcing
import Timeline

// What a copy of the nodes takes, and what tells two of them apart.

extension AvailableNodes {
    /// About how many bytes a copy takes once the original goes on.
    var footprint: Int {
        // Of an entry also its two places in indexes, and that each node knows it.
        let entries = arena.count * (MemoryLayout<ReplicatedEntry>.stride + 24 + 4 * replicas.count)
        let streams = isApart.count * replicas.count * (MemoryLayout<Known>.stride + 48)
        let conflicts = replicas.reduce(0) { $0 + $1.conflicts.count * MemoryLayout<Conflict>.stride }
        return entries + streams + conflicts + parcels.footprint + replicas.count * (16 << 10)
    }

    func mix(into digest: inout Digest) {
        var draws = draws
        digest.mix(draws.next(), UInt64(arena.count))
        digest.mix(concurrent, overruled)
        digest.mix(UInt64(diverged), apartSince == nil ? 0 : apartEntry.number)
        for node in replicas.indices {
            digest.mix(replicas[node].tree.root, replicas[node].totals.messagesSent)
            digest.mix(UInt64(replicas[node].conflicts.count), replicas[node].totals.settled)
            digest.mix(
                UInt64(crashes[node]) << 1 | (isUp[node] ? 1 : 0), UInt64(bitPattern: rounds[node].due.nanoseconds))
        }
        for node in asked { digest.mix(UInt64(node)) }
    }
}
