internal import Screen
internal import Simulation

/// The ledger's equation as lines: `charged` must be `confirmed`, `refunded` and `pending` together.
struct LedgerView {
    let charged: Int64
    let confirmed: Int64
    let refunded: Int64
    let pending: Int64

    init(_ scene: Scene) {
        let accounts = scene.world.ledger.accounts
        (charged, confirmed, refunded) = (accounts[0], accounts[1], accounts[2])
        pending = scene.world.ledger.pending
    }

    /// What is charged and nowhere to be found; negative if more was given than taken.
    var missing: Int64 { charged &- confirmed &- refunded &- pending }

    var isBalanced: Bool { missing == 0 }

    /// The equation as a row that can be selected.
    func row(_ glyphs: Glyphs) -> Table.Row {
        let verdict =
            isBalanced
            ? Line("\(Character(glyphs.marks.check)) adds up", .good)
            : Line("\(Character(glyphs.marks.warning)) DOES NOT ADD UP: \(Figures.money(missing)) missing", .bad)
        let role: Role = isBalanced ? .text : .bad
        return Table.Row(
            item: .ledger, cells: [],
            below: [
                Line("  charged \(Figures.money(charged)) = confirmed \(Figures.money(confirmed))", role),
                Line("  + refunded \(Figures.money(refunded)) + pending \(Figures.money(pending))", role),
            ],
            span: Line("money ") + verdict)
    }
}
