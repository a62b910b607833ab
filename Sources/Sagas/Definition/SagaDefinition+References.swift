// What a definition says about other steps and about the saga's data by name.

extension SagaDefinition {
    /// The rules that the declared order of a step's undo breaks.
    static func undoOrderRules(at index: Int, of steps: [Step], _ order: Order) -> [SagaDefinitionError.Rule] {
        guard let undo = steps[index].undo, !undo.after.isEmpty else { return [] }
        guard order == .declared else { return [.undoOrder(.notDeclared)] }
        var rules: [SagaDefinitionError.Rule] = []
        for name in undo.after {
            let other = steps.first { $0.name == name }
            if other == nil { rules.append(.undoOrder(.unknownStep(name))) }
            if let other, other.undo == nil { rules.append(.undoOrder(.noUndo(name))) }
        }
        if let cycle = undoCycle(from: index, of: steps), cycle.min() == index {
            rules.append(.undoOrder(.cycle(cycle.map { steps[$0].name })))
        }
        return rules
    }

    /// The undos through which one waits for itself; nil if it does not.
    private static func undoCycle(from start: Int, of steps: [Step]) -> [Int]? {
        var paths: [[Int]] = [[start]]
        var seen: Set<Int> = []
        while let path = paths.popLast() {
            for name in steps[path[path.count - 1]].undo?.after ?? [] {
                guard let next = steps.firstIndex(where: { $0.name == name }) else { continue }
                if next == start { return path }
                if seen.insert(next).inserted { paths.append(path + [next]) }
            }
        }
        return nil
    }

    /// The rules that the parameters of a step and of its undo break.
    static func parameterRules(
        at index: Int, of steps: [Step], _ data: [SagaField]
    ) -> [SagaDefinitionError.Rule] {
        let step = steps[index]
        // A step of the same group may still be under way.
        let stage = stages(of: steps).first { $0.contains(index) }?.lowerBound ?? index
        let calls = [(step.parameters, { $0 < stage }), (step.undo?.parameters ?? [], { $0 < stage || $0 == index })]
        var rules: [SagaDefinitionError.Rule] = []
        for (parameters, isDone) in calls as [([SagaParameter], (Int) -> Bool)] {
            for (position, parameter) in parameters.enumerated() {
                if parameters[..<position].contains(where: { $0.name == parameter.name }) {
                    rules.append(.parameter(parameter.name, .repeated))
                }
                if let rule = rule(against: parameter, of: steps, data, isDone) {
                    rules.append(.parameter(parameter.name, rule))
                }
            }
        }
        return rules
    }

    private static func rule(
        against parameter: SagaParameter, of steps: [Step], _ data: [SagaField], _ isDone: (Int) -> Bool
    ) -> SagaDefinitionError.ParameterRule? {
        let found: SagaValue.Kind
        switch parameter.source {
        case .constant(let value): found = value.kind
        case .data(let name):
            guard let field = data.first(where: { $0.name == name }) else { return .unknownField(name) }
            found = field.kind
        case .result(let name):
            guard let other = steps.firstIndex(where: { $0.name == name }) else { return .unknownStep(name) }
            guard isDone(other) else { return .notYet(name) }
            guard let result = steps[other].result else { return .noResult(name) }
            guard steps[other].isCritical else { return .mayBeMissing(name) }
            found = result
        }
        return found == parameter.kind ? nil : .kind(found: found, expected: parameter.kind)
    }

    /// The rules that the lock breaks.
    static func lockRules(_ isolation: Isolation, _ data: [SagaField]) -> [SagaDefinitionError.Rule] {
        guard case .semanticLock(let lock) = isolation else { return [] }
        guard data.contains(where: { $0.name == lock.field }) else { return [.lock(.unknownField(lock.field))] }
        guard let threshold = lock.threshold else { return [] }
        guard let field = data.first(where: { $0.name == threshold.field }) else {
            return [.lock(.unknownField(threshold.field))]
        }
        guard field.kind == threshold.least.kind else {
            return [.lock(.kind(found: threshold.least.kind, expected: field.kind))]
        }
        return []
    }
}
