internal import Resilience
public import Timeline

extension SagaDefinition {
    /// Everything that keeps these from being a definition, in the order of the steps; empty for a valid one.
    public static func problems(
        name: String, version: Int = 1, data: [SagaField] = [], steps: [Step], timeLimit: Duration?,
        compensation: Compensation, isolation: Isolation = .none, maximumRecoveries: Int = 100
    ) -> [SagaDefinitionError] {
        var broken: [SagaDefinitionError.Rule] = []
        if !(1...maximumSteps).contains(steps.count) { broken.append(.stepCount(steps.count)) }
        if version < 1 { broken.append(.version(version)) }
        if data.count > maximumFields { broken.append(.fieldCount(data.count)) }
        for (index, field) in data.enumerated() where data[..<index].contains(where: { $0.name == field.name }) {
            broken.append(.repeatedField(field.name))
        }
        if let timeLimit, timeLimit <= .zero { broken.append(.limit("timeLimit", timeLimit)) }
        if compensation.timeLimit <= .zero {
            broken.append(.limit("compensation.timeLimit", compensation.timeLimit))
        }
        let attempts = compensation.retry.attempts
        if attempts > maximumUndoAttempts, attempts != RetryPolicy.unlimited { broken.append(.undoAttempts(attempts)) }
        if maximumRecoveries < 1 { broken.append(.recoveries(maximumRecoveries)) }
        broken += lockRules(isolation, data)
        var problems = broken.map { SagaDefinitionError(saga: name, step: nil, rule: $0) }
        for index in steps.indices {
            let rules =
                kindRules(at: index, of: steps) + groupRules(at: index, of: steps)
                + parameterRules(at: index, of: steps, data) + undoOrderRules(at: index, of: steps, compensation.order)
            problems += rules.map { SagaDefinitionError(saga: name, step: steps[index].name, rule: $0) }
        }
        return problems
    }

    /// The rules that one step breaks by what it is, and by where it stands.
    private static func kindRules(at index: Int, of steps: [Step]) -> [SagaDefinitionError.Rule] {
        let step = steps[index]
        var rules: [SagaDefinitionError.Rule] = []
        if steps[..<index].contains(where: { $0.name == step.name }) { rules.append(.repeatedName) }
        if step.isPivot, let first = steps[..<index].first(where: \.isPivot) {
            rules.append(.secondPivot(first: first.name))
        }
        if step.isPivot && step.isRetriable { rules.append(.retriablePivot) }
        if step.isPivot && !step.isCritical { rules.append(.pivotNotCritical) }
        if case .untilDone(let backoff, let jitter) = step.retry, let error = settingError(backoff, jitter) {
            rules.append(.retry(error))
        }
        if let limit = step.attemptLimit, limit <= .zero { rules.append(.limit("attemptLimit", limit)) }
        if let limit = step.timeLimit {
            if limit <= .zero { rules.append(.limit("timeLimit", limit)) }
            if step.isRetriable { rules.append(.endlessWithin(limit)) }
        }
        let pivotBefore = steps[..<index].first(where: \.isPivot)?.name
        let passed = pivotBefore ?? steps[..<index].first(where: \.isRetriable)?.name
        if let passed, !step.mayFollowPointOfNoReturn, !step.isPivot || pivotBefore == nil {
            rules.append(.notRetriable(after: passed))
        }
        if step.undo != nil, let passed {
            rules.append(.undo(after: passed))
        } else if step.undo != nil, step.isPivot || step.isRetriable {
            rules.append(.undo(after: nil))
        }
        return rules
    }

    /// The rules that one step breaks as a member of its group.
    private static func groupRules(at index: Int, of steps: [Step]) -> [SagaDefinitionError.Rule] {
        let step = steps[index]
        guard let group = step.group else { return [] }
        var rules: [SagaDefinitionError.Rule] = []
        if index > 0, steps[index - 1].group != group, steps[..<index].contains(where: { $0.group == group }) {
            rules.append(.groupSplit(group, by: steps[index - 1].name))
        }
        if step.isPivot { rules.append(.pivotInGroup(group)) }
        if let other = steps.first(where: { $0.group == group && $0.isRetriable }),
            !step.mayFollowPointOfNoReturn
        {
            rules.append(.mixedGroup(group, unlike: other.name))
        }
        return rules
    }

    private static func settingError(_ backoff: Backoff, _ jitter: Jitter) -> SettingError? {
        do {
            _ = try RetryPolicy(attempts: RetryPolicy.unlimited, backoff: backoff, jitter: jitter)
            return nil
        } catch {
            return error
        }
    }
}
