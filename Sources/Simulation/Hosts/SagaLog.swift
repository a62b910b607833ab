import Sagas

/// What sagas have decided, saga by saga: the storage that survives a crash of their orchestrator.
///
/// The events of a saga stand in blocks that follow each other, and go back into use when the saga is forgotten.
struct SagaLog: Sendable {
    /// Where the events of one saga stand.
    struct Tape: Sendable {
        fileprivate var first = UInt32.max
        fileprivate var last = UInt32.max
        /// How many events there are.
        fileprivate(set) var count: UInt32 = 0
    }

    private static let none = UInt32.max
    private static let blockSize = 2

    private struct Block: Sendable {
        var events: [2 of Saga.Event]
        var next = none
    }

    private var blocks: [Block] = []
    private var firstFree = none

    /// Stores an event behind the others of its saga.
    mutating func append(_ event: Saga.Event, to tape: inout Tape) {
        let place = Int(tape.count) % Self.blockSize
        if place == 0 {
            let block = takeBlock(event)
            if tape.last == Self.none { tape.first = block } else { blocks[Int(tape.last)].next = block }
            tape.last = block
        }
        blocks[Int(tape.last)].events[place] = event
        tape.count += 1
    }

    /// The events of a saga, oldest first.
    func events(of tape: Tape) -> [Saga.Event] {
        var events: [Saga.Event] = []
        events.reserveCapacity(Int(tape.count))
        var block = tape.first
        while block != Self.none {
            for place in 0..<Self.blockSize where events.count < Int(tape.count) {
                events.append(blocks[Int(block)].events[place])
            }
            block = blocks[Int(block)].next
        }
        return events
    }

    /// Nobody asks for this saga any more.
    mutating func forget(_ tape: inout Tape) {
        if tape.last != Self.none {
            blocks[Int(tape.last)].next = firstFree
            firstFree = tape.first
        }
        tape = Tape()
    }

    private mutating func takeBlock(_ event: Saga.Event) -> UInt32 {
        guard firstFree != Self.none else {
            blocks.append(Block(events: InlineArray(repeating: event)))
            return UInt32(blocks.count - 1)
        }
        let block = firstFree
        firstFree = blocks[Int(block)].next
        blocks[Int(block)].next = Self.none
        return block
    }

    /// About how many bytes a copy takes once the original goes on.
    var footprint: Int { blocks.count * MemoryLayout<Block>.stride }
}
