internal import Screen
internal import Simulation

/// The ledger's equation as lines: `charged` must be `confirmed`, `refunded` and `pending` together.
struct LedgerView {
    private let ledger: Ledger

    init(_ scene: Scene) {
        ledger = scene.world.ledger
    }

    var isBalanced: Bool { ledger.missing == 0 }

    /// The equation as a row that can be selected.
    func row(_ glyphs: Glyphs) -> Table.Row {
        let verdict =
            isBalanced
            ? Line("\(Character(glyphs.marks.check)) adds up", .good)
            : Line("\(Character(glyphs.marks.warning)) DOES NOT ADD UP: \(Figures.money(ledger.missing)) missing", .bad)
        let role: Role = isBalanced ? .text : .bad
        return Table.Row(
            item: .ledger, cells: [],
            below: [
                Line("  charged \(Figures.money(ledger.charged)) = confirmed \(Figures.money(ledger.confirmed))", role),
                Line("  + refunded \(Figures.money(ledger.refunded)) + pending \(Figures.money(ledger.pending))", role),
            ],
            span: Line("money ") + verdict)
    }
}
