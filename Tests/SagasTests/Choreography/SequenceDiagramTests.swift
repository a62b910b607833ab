import Sagas
import Testing
import Timeline

@Suite("Sequence diagrams")
struct SequenceDiagramTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let rule: String
        var records = FlowHistoryTests.troubled
        let width: Int
        var signs = SequenceDiagram.Signs.unicode
        let lines: [String]
        var testDescription: String { rule }
    }

    private static let cases = [
        Case(
            rule: "words stand within their arrows", width: 78,
            lines: [
                "             shop             stock           payment         watchdog",
                "               │                │                │                │",
                "0s             ├────Ordered────▶│                │                │",
                "20ms           │                ├───Reserved────▶│                │",
                "20ms           │                ├────────────Reserved────────────▶│",
                "               │                │ Reserved (duplicate)            │",
                "25ms           │                ├┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄▶│                │",
                "25ms           │                ├┄┄┄┄┄┄Reserved (duplicate)┄┄┄┄┄┄▶│",
                "40ms           │✗┄┄┄┄┄┄┄┄┄Paid (lost)┄┄┄┄┄┄┄┄┄┄┄┄┤                │",
                "30.02s         │                │◀────PaymentLate (timeout)───────┤",
                "30.05s         │◀──Released─────┤                │                │",
                "30.06s         ├─○ Cancelled    │                │                │",
            ]),
        Case(
            rule: "words that do not fit stand above their arrows; ASCII", width: 50, signs: .ascii,
            lines: [
                "          shop      stock    payment  watchdog",
                "            |         |         |         |",
                "            | Ordered |         |         |",
                "0s          +-------->|         |         |",
                "            |         | Reserved|         |",
                "20ms        |         +-------->|         |",
                "20ms        |         +-----Reserved----->|",
                "            |         | Reserved (duplicate)",
                "25ms        |         +........>|         |",
                "            |         | Reserved (duplicate)",
                "25ms        |         +..................>|",
                "40ms        |x..Paid (lost).....+         |",
                "            |         | PaymentLate (timeout)",
                "30.02s      |         |<------------------+",
                "            | Released|         |         |",
                "30.05s      |<--------+         |         |",
                "30.06s      +-o Cancelled       |         |",
            ]),
        Case(
            rule: "without room for the times they are left out", width: 30,
            lines: [
                " shop   stock payme… watch…",
                "   │      │      │      │",
                "   │ Ordered     │      │",
                "   ├─────▶│      │      │",
                "   │      │ Reserved    │",
                "   │      ├─────▶│      │",
                "   │      ├──Reserved──▶│",
                "   │      Reserved (duplicate)",
                "   │      ├┄┄┄┄┄▶│      │",
                "   │      Reserved (duplicate)",
                "   │      ├┄┄┄┄┄┄┄┄┄┄┄┄▶│",
                "   │ Paid (lost) │      │",
                "   │✗┄┄┄┄┄┄┄┄┄┄┄┄┤      │",
                "   │     PaymentLate (timeout)",
                "   │      │◀────────────┤",
                "   │ Released    │      │",
                "   │◀─────┤      │      │",
                "   ├─○ Cancelled │      │",
            ]),
        Case(
            rule: "without room for the participants there is a line of words for each message", width: 24,
            signs: .ascii,
            lines: [
                "shop>stock Ordered",
                "stock>payment Reserved",
                "stock>watchdog Reserved",
                "stock>payment Reserved ~",
                "stock>watchdog Reserved~",
                "payment>shop Paid (lost)",
                "watchdog>stock PaymentL~",
                "stock>shop Released",
                "shop>o Cancelled",
            ]),
        Case(
            rule: "a missing cause, a message to oneself and one to nobody",
            records: [
                FlowHistoryTests.record(2, 1, "Begun", by: "stock"),
                FlowHistoryTests.record(3, 2, "Counted", by: "stock", to: "stock", at: 5),
                FlowHistoryTests.record(4, 3, "Told", by: "mail", at: 7, .lost),
            ],
            width: 44,
            lines: [
                "            stock               mail",
                "              │                   │",
                "      event 1 (no record of the cause)",
                "0s  ?┄┄┄┄┄┄┄┄▶│                   │",
                "0s            ├─┐ Begun           │",
                "              │◀┘                 │",
                "5ms           ├─┐ Counted         │",
                "              │◀┘                 │",
                "              │                  Told (lost)",
                "7ms           │                   ├┄✗",
            ]),
    ]

    @Test("drawn for a width", arguments: cases)
    func drawn(_ given: Case) {
        let diagram = SequenceDiagram(FlowHistory(given.records), width: given.width, signs: given.signs)
        #expect(diagram.lines.map(\.text) == given.lines)
        let rows = diagram.lines.compactMap(\.row)
        #expect(rows == rows.sorted() && Set(rows).count == FlowHistory(given.records).rows.count)
    }
}
