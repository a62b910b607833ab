import Sagas
import Testing
import Timeline

@Suite("Histories of flows")
struct FlowHistoryTests {
    typealias Record = FlowHistory.Record

    static func record(
        _ id: UInt64, _ cause: UInt64?, _ type: String, by participant: String, to receiver: String? = nil,
        at milliseconds: Int64 = 0, _ outcome: FlowHistory.Outcome = .taken
    ) -> Record {
        Record(
            id: id, cause: cause, type: type, participant: participant, receiver: receiver,
            at: .after(.milliseconds(milliseconds)), outcome: outcome)
    }

    /// Stock is reserved, the payment's answer is lost, and the watchdog lets the reservation be undone.
    static let troubled = [
        record(1, nil, "Ordered", by: "shop", at: 0),
        record(2, 1, "Reserved", by: "stock", at: 20),
        record(2, 1, "Reserved", by: "stock", at: 25, .duplicate),
        record(3, 2, "Paid", by: "payment", to: "shop", at: 40, .lost),
        record(4, 2, "PaymentLate", by: "watchdog", at: 30_020, .timeout),
        record(5, 4, "Released", by: "stock", at: 30_050),
        record(6, 5, "Cancelled", by: "shop", at: 30_060),
    ]

    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        let records: [Record]
        let tree: [String]
        let rows: [String]
        var testDescription: String { rule }
    }

    private static let cases = [
        Case(rule: "nothing was written down", records: [], tree: [], rows: []),
        Case(
            rule: "causes come before effects, deliveries are counted, and arrows go to those who reacted",
            records: troubled.reversed(),
            tree: [
                "Ordered: outside", "  Reserved: parent, 1 duplicate", "    Paid: parent, 1 lost",
                "    PaymentLate: parent", "      Released: parent", "        Cancelled: parent",
            ],
            rows: [
                "shop > stock: Ordered", "stock > payment: Reserved", "stock > watchdog: Reserved",
                "stock > payment: Reserved (duplicate)", "stock > watchdog: Reserved (duplicate)",
                "payment > shop: Paid (lost)", "watchdog > stock: PaymentLate (timeout)", "stock > shop: Released",
                "shop > : Cancelled",
            ]),
        Case(
            rule: "a record whose cause is missing is shown as such",
            records: [record(5, 4, "Released", by: "stock"), record(6, 5, "Cancelled", by: "shop")],
            tree: ["Released: missing(4)", "  Cancelled: parent"],
            rows: [" > stock: event 4 (no record of the cause)", "stock > shop: Released", "shop > : Cancelled"]),
        Case(
            rule: "one participant that reacts twice gets one arrow; the columns are in order of appearance",
            records: [
                record(1, nil, "A", by: "x"), record(2, 1, "B", by: "y"), record(3, 1, "C", by: "y", .refused),
            ],
            tree: ["A: outside", "  B: parent", "  C: parent"],
            rows: ["x > y: A", "y > : B", "y > : C (refused)"]),
        Case(
            rule: "an event that comes before its cause, by its clock, still hangs below it",
            records: [record(2, 1, "B", by: "y", at: 1), record(1, nil, "A", by: "x", at: 2)],
            tree: ["A: outside", "  B: parent"], rows: ["y > : B", "x > y: A"]),
        Case(
            rule: "records that go round in a circle are cut at the first, and none is dropped",
            records: [record(1, 2, "A", by: "x"), record(2, 1, "B", by: "y"), record(3, 3, "C", by: "z")],
            tree: ["A: circular(2)", "  B: parent", "C: circular(3)"],
            rows: ["x > y: A", "y > x: B", "z > z: C"]),
    ]

    @Test("the tree and the rows of a history", arguments: cases)
    func histories(_ given: Case) {
        let history = FlowHistory(given.records)
        let names = history.participants
        #expect(history.tree.map { Self.text(of: $0, in: history) } == given.tree)
        #expect(
            history.rows.map { row in
                let from = row.from.map { names[$0] } ?? ""
                let word = row.mark.word.map { " (\($0))" } ?? ""
                return "\(from) > \(row.to.map { names[$0] } ?? ""): \(row.label)\(word)"
            } == given.rows)
    }

    @Test("whatever the records say, each event stands in the tree once, and below its cause", arguments: 0..<20)
    func randomRecords(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "records", purpose: "causes")
        let records = (0..<200).map { _ in
            let cause: UInt64? = random.chance(0.2) ? nil : random.below(80)
            return Self.record(
                random.below(60), cause, "E", by: "p\(random.below(5))", at: Int64(random.below(50)),
                FlowHistory.Outcome.allCases[Int(random.below(6))])
        }
        let history = FlowHistory(records)
        let ids = history.tree.map { history.records[$0.record].id }
        #expect(ids.count == Set(ids).count && Set(ids) == Set(records.map(\.id)))
        for (index, node) in history.tree.enumerated() {
            #expect(node.parent.map { $0 < index && history.tree[$0].depth == node.depth - 1 } ?? (node.depth == 0))
        }
        #expect(Set(history.rows.map(\.record)).count == records.count, "each record has a row")
        for width in [0, 1, 7, 20, 33, 36, 60, 200] {
            for line in SequenceDiagram(history, width: width).lines { #expect(line.text.count <= max(1, width)) }
        }
    }

    private static func text(of node: FlowHistory.Node, in history: FlowHistory) -> String {
        let counts = [(node.duplicates, "duplicate"), (node.losses, "lost")].filter { $0.0 > 0 }
        let type = String(repeating: "  ", count: node.depth) + history.records[node.record].type
        return "\(type): \(node.origin)" + counts.map { ", \($0.0) \($0.1)" }.joined()
    }
}
