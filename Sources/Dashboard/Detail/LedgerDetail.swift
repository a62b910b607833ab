internal import Screen
internal import Simulation

extension DetailText {
    /// The ledger: every account, and whether they add up.
    static func ledger(_ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let row = LedgerView(scene).row(glyphs)
        var lines = (row.span.map { [$0] } ?? []) + row.below
        lines += section("accounts")
        for (name, cents) in zip(scene.plan.accounts, scene.world.ledger.accounts) {
            lines.append(.fact(name, Figures.money(cents).indented(to: 16)))
        }
        lines.append(.fact("pending", Figures.money(scene.world.ledger.pending).indented(to: 16)))
        lines += [
            .empty, Line("Booked when it really happens at the service, even if the reply", .faint),
            Line("is lost. Pending is what was charged for sagas under way.", .faint),
        ]
        return DetailText(title: "Money", lines: lines)
    }
}
