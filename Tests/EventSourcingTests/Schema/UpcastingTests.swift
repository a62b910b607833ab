import EventSourcing
import Testing
import Timeline

/// Vectors: pyeventsourcing's `test_upcasting.py`, where four versions of a class each add a field.
@Suite("Upcasting")
struct UpcastingTests {
    private typealias Form = Upcasting.Form

    /// Forms 1 to 4 of `Created`, each step adds its letter.
    private static func chain() throws -> Upcasting {
        try Upcasting(
            [(1, "b"), (2, "c"), (3, "d")].map { schema, letter in
                Upcasting.Step(from: Form("Created", schema), to: Form("Created", schema + 1)) { $0 + letter.utf8 }
            })
    }

    @Test(
        "every missing step runs, in order; what has the newest form stays",
        arguments: [
            (1, "abcd"), (2, "acd"), (3, "ad"), (4, "a"), (5, "a"),
        ])
    func steps(schema: Int, text: String) throws {
        let event = EventData(id: EventID(high: 1, low: 2), type: "Created", schema: schema, data: Array("a".utf8))
        let newest = try Self.chain().upcast(event)
        #expect(newest.data == Array(text.utf8))
        #expect(newest.schema == max(4, schema))
        #expect(newest.id == event.id && newest.type == "Created")
    }

    @Test("snapshots have steps of their own", arguments: [(1, "abcd"), (4, "a")])
    func snapshots(schema: Int, text: String) throws {
        let snapshot = Snapshot(
            stream: try StreamName("order-1"), version: .first, schema: schema, data: Array("a".utf8), takenAt: .zero)
        let newest = try Self.chain().upcast(snapshot, type: "Created")
        #expect(newest.data == Array(text.utf8) && newest.schema == 4)
        #expect(try Self.chain().upcast(snapshot, type: "other") == snapshot)
    }

    @Test("a type can get another name")
    func renamed() throws {
        let upcasting = try Upcasting([
            Upcasting.Step(from: Form("Made", 1), to: Form("Created", 3)) { $0 + "!".utf8 },
            Upcasting.Step(from: Form("Created", 3), to: Form("Created", 4)) { $0 + "?".utf8 },
        ])
        let newest = try upcasting.upcast(EventData(id: EventID(high: 0, low: 1), type: "Made"))
        #expect(newest.type == "Created" && newest.schema == 4 && newest.data == Array("!?".utf8))
    }

    @Test("a step that makes nothing of an event says which")
    func undecodable() throws {
        let upcasting = try Upcasting([Upcasting.Step(from: Form("A", 1), to: Form("A", 2)) { _ in nil }])
        let id = EventID(high: 7, low: 7)
        #expect(throws: Upcasting.Failure.undecodable(id, Form("A", 1))) {
            _ = try upcasting.upcast(EventData(id: id, type: "A"))
        }
    }

    @Test("two steps from one form, and steps in a circle, are refused")
    func refused() {
        let step = Upcasting.Step(from: Form("A", 1), to: Form("A", 2)) { $0 }
        #expect { _ = try Upcasting([step, step]) } throws: { "\($0)".contains("A 1") }
        let back = Upcasting.Step(from: Form("A", 2), to: Form("A", 1)) { $0 }
        #expect { _ = try Upcasting([step, back]) } throws: { "\($0)".contains("no way back to A 2") }
        let same = Upcasting.Step(from: Form("A", 1), to: Form("A", 1)) { $0 }
        #expect(throws: (any Error).self) { _ = try Upcasting([same]) }
    }

    @Test(
        "a reader's registry: known, unknown, newer",
        arguments: [
            ("Created", 1, SchemaRegistry.Verdict.read), ("Created", 2, .read),
            ("Created", 3, .newerForm(.stop, known: 2)),
            ("Audited", 1, .unknownType(.skip)), (RecordedEvent.tombstoneType, 1, .read),
        ])
    func registry(type: String, schema: Int, verdict: SchemaRegistry.Verdict) {
        let registry = SchemaRegistry(["Created": 2], unknownTypes: .skip)
        let event = EventData(id: EventID(high: 0, low: 0), type: type, schema: schema)
        #expect(registry.verdict(on: event) == verdict)
    }
}
