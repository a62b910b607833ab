import Sagas
import Timeline

// The flows as they can be seen from outside.

extension FlowHost {
    /// The latest that are forgotten, oldest first.
    var ended: [FlowView] { latestEnded.each }

    var slotCount: Int { slots.count }

    /// The slots in use, in order of slot.
    var slotsInUse: [UInt32] { slots.indices.filter { slots[$0].request != 0 }.map { UInt32($0) } }

    /// The flows that have not ended, or of which something is still on its way, in order of slot.
    var rows: [FlowRow] {
        slots.indices.lazy.filter { slots[$0].request != 0 }.map { FlowRow(slots[$0], at: UInt32($0)) }
    }

    /// The slot of the flow that a request has begun; nil if it is forgotten.
    func slot(of request: UInt64) -> UInt32? {
        slots.firstIndex { $0.request == request }.map { UInt32($0) }
    }

    /// The slot of the flow that an attempt at a request in a gateway has begun, if nobody has had its answer yet.
    func slot(askedForBy request: UInt64) -> UInt32? {
        slots.firstIndex { $0.asked == request && !$0.isAnswered }.map { UInt32($0) }
    }

    /// About how many bytes a copy takes once the original goes on.
    var footprint: Int { slots.count * MemoryLayout<FlowSlot>.stride + deliveries.footprint }

    func mix(into digest: inout Digest) {
        for tally in tallies {
            digest.mix(tally.started << 32 | tally.running, tally.compensating << 32 | tally.orphaned)
            digest.mix(tally.completed << 32 | tally.compensated, tally.deadLetters << 32 | tally.parked)
        }
        for slot in slots where slot.request != 0 {
            digest.mix(slot.request, UInt64(slot.underWay) << 32 | UInt64(slot.flow.events))
        }
        deliveries.mix(into: &digest)
        for var stream in amounts + transits + waits { digest.mix(stream.next()) }
    }
}
