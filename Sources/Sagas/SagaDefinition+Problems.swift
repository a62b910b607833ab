internal import Resilience
public import Timeline

extension SagaDefinition {
    /// Everything that keeps these from being a definition, in the order of the steps; empty for a valid one.
    public static func problems(
        name: String, steps: [Step], timeLimit: Duration?, compensation: Compensation
    ) -> [SagaDefinitionError] {
        var broken: [(step: String?, rule: SagaDefinitionError.Rule)] = []
        if !(1...maximumSteps).contains(steps.count) {
            broken.append((nil, .stepCount(steps.count)))
        }
        if let timeLimit, timeLimit <= .zero {
            broken.append((nil, .timeLimit(timeLimit)))
        }
        if compensation.timeLimit <= .zero {
            broken.append((nil, .compensationTimeLimit(compensation.timeLimit)))
        }
        for index in steps.indices {
            broken += brokenRules(at: index, of: steps).map { (steps[index].name, $0) }
        }
        return broken.map { SagaDefinitionError(saga: name, step: $0.step, rule: $0.rule) }
    }

    /// The rules that one step breaks among the others.
    private static func brokenRules(at index: Int, of steps: [Step]) -> [SagaDefinitionError.Rule] {
        let step = steps[index]
        var rules: [SagaDefinitionError.Rule] = []
        if steps[..<index].contains(where: { $0.name == step.name }) {
            rules.append(.repeatedName)
        }
        if step.isPivot, let first = steps[..<index].first(where: \.isPivot) {
            rules.append(.secondPivot(first: first.name))
        }
        if step.isPivot && step.isRetriable {
            rules.append(.retriablePivot)
        }
        if case .untilDone(let backoff, let jitter) = step.retry, let error = settingError(backoff, jitter) {
            rules.append(.retry(error))
        }
        let retriableBefore = steps[..<index].first(where: \.isRetriable)?.name
        let pivotBefore = steps[..<index].first(where: \.isPivot)?.name
        if let passed = pivotBefore ?? retriableBefore, !step.isRetriable, !step.isPivot || pivotBefore == nil {
            rules.append(.notRetriable(after: passed))
        }
        if step.undo != nil, let passed = pivotBefore ?? retriableBefore {
            rules.append(.undo(after: passed))
        } else if step.undo != nil, step.isPivot || step.isRetriable {
            rules.append(.undo(after: nil))
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
