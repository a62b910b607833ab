internal import Sagas
internal import Screen
internal import Simulation

/// Whether a saga's row has all the words of a text in it, found without writing the row: there may be very many.
struct SagaMatcher {
    private let terms: [Term]

    /// One word, and where in the plan it is found.
    fileprivate struct Term {
        var isExcluded = false
        /// The word as the digits of a number; empty if it is none.
        var digits: [UInt8] = []
        /// Whether the number must be this one and no longer.
        var isWhole = false
        /// By plan: whether it is in the saga's name.
        var names: [Bool] = []
        /// By plan: the steps in whose names it is.
        var steps: [Saga.StepSet] = []
        /// By plan: the steps in whose undos' names it is.
        var undos: [Saga.StepSet] = []
        /// The sagas that it means, if it is such a word; then it is not looked for in how they stand.
        var filter: SagaFilter?
        /// By standing: whether it is in what that is called.
        var standings: [Bool] = []
        /// The alarms in whose names it is, as bits: those are looked at for each row.
        var alarms: UInt8 = 0
        var meansDown = false
        var meansOverdue = false
    }

    init(_ text: String, _ plan: Plan) {
        terms = text.lowercased().split(separator: " ").map { Term(String($0), plan) }
    }

    var isEmpty: Bool { terms.isEmpty }

    func matches(_ row: SagaRow) -> Bool {
        // By index: to take a term out of the list would retain all its parts, for each of very many rows.
        terms.indices.allSatisfy { terms[$0].isFound(in: row) != terms[$0].isExcluded }
    }
}

extension SagaMatcher.Term {
    fileprivate init(_ word: String, _ plan: Plan) {
        var word = word
        if word.count > 1, word.hasPrefix("-") {
            isExcluded = true
            word.removeFirst()
        }
        let number = word.hasPrefix("#") ? word.dropFirst() : word[...]
        if !number.isEmpty, number.allSatisfy({ ("0"..."9").contains($0) }) {
            digits = Array(number.utf8)
            isWhole = word.hasPrefix("#")
        }
        func has(_ text: String) -> Bool { text.lowercased().contains(word) }
        names = plan.sagas.map { has($0.definition.name) }
        steps = plan.sagas.map { saga in
            Saga.StepSet(saga.definition.steps.indices.filter { has(saga.definition.steps[$0].name) })
        }
        undos = plan.sagas.map { saga in
            Saga.StepSet(saga.definition.steps.indices.filter { has(saga.definition.steps[$0].undo?.name ?? "") })
        }
        filter = SagaFilter(rawValue: word)
        guard filter == nil else { return }
        standings = Saga.Standing.allCases.map { has($0.badge(Glyphs.unicode.marks).word) || has($0.description) }
        for alarm in SagaMonitor.Alarms.each where has(alarm.description) { alarms |= alarm.rawValue }
        meansDown = has("down")
        meansOverdue = has("late") || has("overdue")
    }

    fileprivate func isFound(in row: SagaRow) -> Bool {
        let plan = Int(row.plan)
        if names[plan] || stands(row) { return true }
        if steps[plan].contains(Int(row.step)) { return true }
        if row.hasTurnedBack, undos[plan].contains(Int(row.step)) { return true }
        return !digits.isEmpty && isInNumber(row.request)
    }

    private func stands(_ row: SagaRow) -> Bool {
        if let filter { return filter.matches(row) }
        return standings[Int(row.standing.rawValue)] || row.alarms.rawValue & alarms != 0
            || row.isDown && meansDown || row.isOverdue && meansOverdue
    }

    /// Whether the digits stand in a number, compared from its end.
    private func isInNumber(_ number: UInt64) -> Bool {
        var rest = number
        while true {
            if endsWith(rest) { return !isWhole || rest == number }
            if isWhole { return false }
            rest /= 10
            if rest == 0 { return false }
        }
    }

    private func endsWith(_ number: UInt64) -> Bool {
        var rest = number
        for (place, digit) in digits.reversed().enumerated() {
            guard rest > 0 || place == 0 && number == 0, UInt8(rest % 10) + 48 == digit else { return false }
            rest /= 10
        }
        return !isWhole || rest == 0
    }
}
