import Resilience
import Sagas
import Timeline

extension SagaDefinition {
    /// A valid definition: some steps that can be undone or need no undo, perhaps a pivot, perhaps retriable steps.
    static func random(_ random: inout RandomStream) throws -> SagaDefinition {
        let compensatable = Int(random.below(5))
        let hasPivot = random.chance(0.6)
        let retriable = Int(random.below(3))
        var steps: [Step] = []
        for index in 0..<compensatable {
            let undo = random.chance(0.8) ? SagaDefinition.Undo("undo \(index)") : nil
            // Neighbours that both draw it stand together; a single member is a group of one.
            let group = random.chance(0.5) ? "group \(index / 2)" : nil
            steps.append(
                Step(
                    name: "\(index)", undo: undo, isCritical: !random.chance(0.1), group: group,
                    retry: try .randomAttempts(&random),
                    attemptLimit: random.chance(0.3) ? .milliseconds(1 + Int64(random.below(60))) : nil,
                    timeLimit: random.chance(0.2) ? .milliseconds(1 + Int64(random.below(200))) : nil))
        }
        if hasPivot || compensatable + retriable == 0 {
            steps.append(Step(name: "pivot", isPivot: true, retry: try .randomAttempts(&random)))
        }
        for index in 0..<retriable {
            let backoff = Backoff.constant(.milliseconds(Int64(random.below(50))))
            let group = random.chance(0.5) ? "finalization" : nil
            steps.append(Step(name: "retriable \(index)", group: group, retry: .untilDone(backoff, .decorrelated)))
        }
        return try SagaDefinition(
            name: "random", steps: steps,
            timeLimit: random.chance(0.7) ? .milliseconds(1 + Int64(random.below(500))) : nil,
            compensation: Compensation(
                timeLimit: .milliseconds(1 + Int64(random.below(1_000))), retry: try .random(&random),
                order: random.chance(0.5) ? .reverse : .parallel,
                whenExhausted: random.chance(0.7) ? .goesOn : .waitsForOperator))
    }
}

extension SagaDefinition.Retry {
    fileprivate static func randomAttempts(_ random: inout RandomStream) throws -> SagaDefinition.Retry {
        random.chance(0.5) ? .attempts(.once) : .attempts(try .random(&random))
    }
}

extension RetryPolicy {
    fileprivate static func random(_ random: inout RandomStream) throws -> RetryPolicy {
        let initial = Duration.milliseconds(Int64(random.below(40)))
        return try RetryPolicy(
            attempts: 1 + Int(random.below(4)), backoff: .exponential(initial: initial, cap: .milliseconds(100)),
            jitter: Jitter.allCases[Int(random.below(UInt64(Jitter.allCases.count)))])
    }
}
