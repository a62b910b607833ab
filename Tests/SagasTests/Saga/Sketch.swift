import Resilience
import Sagas
import Timeline

/// A definition in a line: `reserve/release charge/refund:3 confirm! ( mail* stock* )`.
///
/// A name, its undo after `/`; `!` for the pivot, `*` for a step that is tried until done, `?` for one that is not
/// critical, `:3` for three attempts, `~500` for an attempt's limit and `^900` for that of all attempts, in milliseconds,
/// `$` for a step that returns a number, `+` for an undo that is registered after success. Neighbours in parentheses are a group. All waits are a second.
struct Sketch {
    var steps: [SagaDefinition.Step] = []

    init(_ text: String) throws {
        var group: String?
        for word in text.split(separator: " ") {
            switch word {
            case "(": group = "group \(steps.count)"
            case ")": group = nil
            default: steps.append(try Self.step(String(word), group))
            }
        }
    }

    private static func step(_ word: String, _ group: String?) throws -> SagaDefinition.Step {
        let parts = word.split(separator: "/", maxSplits: 1).map(String.init)
        let marks = Set("!*?$+~^:")
        let name = word.prefix { !marks.contains($0) && $0 != "/" }
        var step = SagaDefinition.Step(
            name: String(name), group: group, retry: .attempts(try .everySecond(attempts: 1)))
        if parts.count > 1 {
            step.undo = SagaDefinition.Undo(
                String(parts[1].prefix { !marks.contains($0) }),
                registration: word.contains("+") ? .afterSuccess : .beforeCall)
        }
        step.isPivot = word.contains("!")
        step.isCritical = !word.contains("?")
        if word.contains("$") { step.result = .number }
        if word.contains("*") { step.retry = .untilDone(.constant(.seconds(1)), .none) }
        if let count = number(after: ":", in: word) { step.retry = .attempts(try .everySecond(attempts: Int(count))) }
        step.attemptLimit = number(after: "~", in: word).map { .milliseconds($0) }
        step.timeLimit = number(after: "^", in: word).map { .milliseconds($0) }
        return step
    }

    private static func number(after mark: Character, in word: String) -> Int64? {
        word.firstIndex(of: mark).flatMap { Int64(word[word.index(after: $0)...].prefix { $0.isNumber }) }
    }
}

extension SagaDefinition {
    /// The definition of a ``Sketch``; undos are tried twice, a second apart.
    static func sketch(
        _ text: String, timeLimit: Int64? = nil, undo: Int = 2, limit: Duration = .minutes(5), order: Order = .reverse,
        whenExhausted: Exhaustion = .goesOn, recoveries: Int = 100, data: [SagaField] = [],
        isolation: Isolation = .none
    ) throws -> SagaDefinition {
        try SagaDefinition(
            name: "s", data: data, steps: Sketch(text).steps, timeLimit: timeLimit.map { .milliseconds($0) },
            compensation: Compensation(
                timeLimit: limit, retry: .everySecond(attempts: undo), order: order, whenExhausted: whenExhausted),
            isolation: isolation, maximumRecoveries: recoveries)
    }
}

extension RetryPolicy {
    /// So many attempts, exactly a second apart.
    static func everySecond(attempts: Int) throws -> RetryPolicy {
        try RetryPolicy(attempts: attempts, backoff: .constant(.seconds(1)), jitter: .none)
    }
}

extension Instant {
    /// So many milliseconds after the clock's zero.
    static func ms(_ count: Int64) -> Instant { .after(.milliseconds(count)) }
}
