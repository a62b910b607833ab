import CQRS
import EventSourcing
import Testing
import Timeline

/// Vectors: Emmett's `storeProcessorCheckpoint.int.spec.ts` (EM) and `mongoDbCheckpointer.int.spec.ts` (EM Mongo), Marten's
/// `projection_progression_operations.cs` (MA), pyeventsourcing's `tests/persistence.py` (PY).
@Suite("Checkpoints")
struct CheckpointTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let stored: Position
        let from: Position
        let to: Position
        let outcome: CheckpointMove.Outcome
        let source: String

        var testDescription: String { "\(stored): \(from) to \(to), \(source)" }
    }

    static let cases: [Case] = [
        Case(stored: 0, from: 0, to: 1, outcome: .moved, source: "EM: nil to 1"),
        Case(stored: 1, from: 1, to: 2, outcome: .moved, source: "EM: 1 to 2"),
        Case(stored: 2, from: 1, to: 3, outcome: .mismatch(stored: 2), source: "EM: MISMATCH"),
        Case(stored: 3, from: 1, to: 2, outcome: .ahead(stored: 3), source: "EM: CURRENT_AHEAD"),
        Case(stored: 2, from: 1, to: 2, outcome: .wasThere, source: "EM: IGNORED"),
        Case(stored: 2, from: 0, to: 2, outcome: .wasThere, source: "EM: nil on an existing row, equal"),
        Case(stored: 5, from: 0, to: 2, outcome: .ahead(stored: 5), source: "EM: nil on an existing row, beyond"),
        Case(stored: 2, from: 0, to: 5, outcome: .mismatch(stored: 2), source: "EM: nil on an existing row, before"),
        Case(
            stored: 2, from: 2, to: 1, outcome: .ahead(stored: 2),
            source: "EM Mongo ignores it as we do; EM PostgreSQL goes back"),
        Case(stored: 12, from: 12, to: 50, outcome: .moved, source: "MA: 12 to 50"),
        Case(stored: 12, from: 5, to: 50, outcome: .mismatch(stored: 12), source: "MA: out of order"),
        Case(stored: 24, from: 21, to: 23, outcome: .ahead(stored: 24), source: "PY: can't fill in the gap"),
        Case(stored: 21, from: 0, to: 21, outcome: .wasThere, source: "PY: the same tracking id twice"),
        Case(stored: 0, from: 5, to: 7, outcome: .mismatch(stored: 0), source: "a row that was lost"),
        Case(stored: 4, from: 4, to: 4, outcome: .wasThere, source: "no way at all"),
    ]

    @Test("a move takes place only from where the checkpoint is, and only forward", arguments: cases)
    func move(example: Case) {
        #expect(CheckpointMove(from: example.from, to: example.to).outcome(at: example.stored) == example.outcome)
        let id = ProjectionID("orders")
        var checkpoints = Checkpoints()
        if example.stored > .start { checkpoints.reset(id, to: example.stored, at: .ms(1)) }
        let outcome = checkpoints.move(id, CheckpointMove(from: example.from, to: example.to), at: .ms(2))
        #expect(outcome == example.outcome)
        let now = checkpoints.checkpoint(of: id)
        #expect(now?.position ?? .start == (outcome == .moved ? example.to : example.stored))
        // MA Bug_4981: every move, and nothing else, is a sign of life.
        #expect(now?.movedAt == (outcome == .moved ? .ms(2) : example.stored > .start ? .ms(1) : nil))
    }

    @Test("EM: versions and parts have checkpoints of their own; MA: names are not read as prefixes, absent is nil")
    func independent() throws {
        let orders = ProjectionID("Orders")
        let half = try #require(Segment.root.split()).high
        let all = [orders, ProjectionID("Orders", version: 2), orders.part(half), ProjectionID("OrdersHistory")]
        var checkpoints = Checkpoints()
        for (index, id) in all.enumerated() {
            #expect(checkpoints.checkpoint(of: id) == nil)
            checkpoints.move(id, CheckpointMove(from: 0, to: Position(Int64(index) + 1)), at: .zero)
        }
        #expect(all.map { checkpoints.checkpoint(of: $0)?.position } == [1, 2, 3, 4])
        #expect(
            checkpoints.all.map(\.id.description) == ["Orders:1", "Orders:1:1/1", "Orders:2", "OrdersHistory:1"])
        checkpoints.remove(orders)
        #expect(checkpoints.checkpoint(of: orders) == nil)
        #expect(checkpoints.all.count == 3)
    }

    @Test("halves go on from where the whole was, and are made whole only where both are at the same place")
    func splitAndMerge() throws {
        let whole = ProjectionID("orders")
        let (low, high) = try #require(Segment.root.split())
        var checkpoints = Checkpoints()
        checkpoints.reset(whole, to: 7, at: .zero)
        #expect(checkpoints.split(whole, at: .zero) == true)
        #expect(checkpoints.checkpoint(of: whole) == nil)
        #expect([low, high].map { checkpoints.checkpoint(of: whole.part($0))?.position } == [7, 7])
        checkpoints.move(whole.part(high), CheckpointMove(from: 7, to: 9), at: .zero)
        // 7 and 9, one half twice, and no halves.
        for other in [high, low, .root] {
            #expect(checkpoints.merge(whole.part(low), with: other, at: .zero) == false)
        }
        checkpoints.move(whole.part(low), CheckpointMove(from: 7, to: 9), at: .zero)
        #expect(checkpoints.merge(whole.part(high), with: low, at: .zero) == true)
        #expect(checkpoints.all.map(\.id) == [whole])
        #expect(checkpoints.checkpoint(of: whole)?.position == 9)
    }

    @Test("a part that was split or merged does not begin anew for a worker that has not heard of it")
    func closed() throws {
        let whole = ProjectionID("orders")
        let (low, high) = try #require(Segment.root.split())
        let first = CheckpointMove(from: 0, to: 3)
        var checkpoints = Checkpoints()
        #expect(checkpoints.split(whole, at: .zero) == true)
        #expect(checkpoints.move(whole, first, at: .zero) == .ahead(stored: Position(.max)))
        #expect(checkpoints.split(whole, at: .zero) == false)
        #expect(checkpoints.merge(whole.part(low), with: high, at: .zero) == true)
        #expect(checkpoints.move(whole.part(high), first, at: .zero) == .ahead(stored: Position(.max)))
        #expect(checkpoints.merge(whole.part(low), with: high, at: .zero) == false)
        #expect(checkpoints.move(whole, first, at: .zero) == .moved)
    }

    @Test("a read model changes with its checkpoint or not at all, and a thrown error undoes everything")
    func readModel() throws {
        struct Broken: Error {}
        let id = ProjectionID("numbers")
        var model = MemoryReadModel<[Int]>([])
        let move = CheckpointMove(from: 0, to: 2)
        var outcome = model.commit(move, of: id, at: .zero) { tables in tables += [1, 2] }
        #expect(outcome == .moved)
        outcome = model.commit(move, of: id, at: .zero) { tables in tables += [1, 2] }
        #expect(outcome == .wasThere)
        #expect(throws: Broken.self) {
            try model.commit(CheckpointMove(from: 2, to: 3), of: id, at: .zero) { tables throws(Broken) in
                tables.append(3)
                throw Broken()
            }
        }
        let isChanged = model.change(ifAt: 1, id) { tables in tables = [] }
        #expect(!isChanged)
        #expect(model.tables == [1, 2])
        #expect(model.checkpoints.checkpoint(of: id)?.position == 2)
        let isReplayed = model.change(ifAt: 2, id) { tables in tables.append(0) }
        #expect(isReplayed)
        #expect(model.tables == [1, 2, 0])
        model.reset(id, to: [], at: .zero)
        outcome = model.commit(move, of: id, at: .zero) { tables in tables += [1, 2] }
        #expect(outcome == .moved)
        #expect(model.tables == [1, 2])
    }
}
