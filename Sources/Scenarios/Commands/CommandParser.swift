import Resilience
import Simulation
import Timeline

/// Reads a command, by recursive descent over the tokens of its line.
struct CommandParser {
    var reader: LineReader
    let names: Names

    /// Reads a command up to the end of the line.
    mutating func command() throws(SyntaxProblem) -> (Verb, Command) {
        let verb = try verb()
        let command = try arguments(of: verb)
        try reader.expectEnd()
        return (verb, command)
    }

    private mutating func verb() throws(SyntaxProblem) -> Verb {
        let word = try reader.text("a command")
        if word.kind == .word, let verb = Verb(rawValue: word.text) { return verb }
        if word.kind == .word, Self.speed(word.text) != nil {
            reader.rewind(to: reader.mark - 1)
            return .speed
        }
        let hint = Spelling.hint(for: word.text, among: Verb.allCases.map(\.rawValue), listedBy: .commands)
        throw SyntaxProblem(at: word.offset, "no command is named \"\(word.text)\"\(hint)")
    }

    private mutating func arguments(of verb: Verb) throws(SyntaxProblem) -> Command {
        switch verb {
        case .inject: try injection()
        case .heal: try healing()
        case .set: try setting()
        case .force: try forcing()
        case .replay: try replaying()
        case .rebuild: .maintain(.rebuild, try projection())
        case .resume: .maintain(.resume, try projection())
        case .saga: try sagaOrder()
        case .flow: try flowOrder()
        case .warm: try warming()
        case .deploy: try deployment()
        case .caption: .caption(try reader.quoted("a text"))
        case .mark: .mark(try name("the moment's name"))
        case .pause: .pause
        case .play: .play
        case .step: try stepping()
        case .run: try running()
        case .speed: try speeding()
        case .rewind: try rewinding()
        case .save: .save(try reader.text("a file").text)
        case .quit: .quit
        }
    }

    private mutating func name(_ expected: String) throws(SyntaxProblem) -> String {
        let start = reader.offset
        let name = try reader.text(expected).text
        guard !name.isEmpty else { throw SyntaxProblem(at: start, "\(expected) is empty") }
        return name
    }

    private mutating func replaying() throws(SyntaxProblem) -> Command {
        let (name, offset) = try reader.name("the name of a projection or a command bus")
        if let bus = names.buses.firstIndex(of: name) { return .replay(bus: PlanName(index: bus, name: name)) }
        let known = names.projections + names.buses
        return .maintain(
            .replay,
            PlanName(
                index: try names.find(name, among: known, at: offset, "projection or command bus").index, name: name))
    }

    private mutating func projection() throws(SyntaxProblem) -> PlanName {
        let (name, offset) = try reader.name("the name of a projection")
        return try names.find(name, among: names.projections, at: offset, "projection")
    }

    private mutating func warming() throws(SyntaxProblem) -> Command {
        let (name, offset) = try reader.name("the name of a service with a cache")
        let service = try names.find(name, among: names.services, at: offset, "service")
        guard names.plan.services[service.index].cache != nil else {
            throw SyntaxProblem(at: offset, "\(name) has no cache")
        }
        return .warm(service)
    }

    private mutating func deployment() throws(SyntaxProblem) -> Command {
        let (name, offset) = try reader.name("the name of a saga")
        return .deploy(try names.saga(name, at: offset))
    }

    private mutating func healing() throws(SyntaxProblem) -> Command {
        if reader.take(word: "all") { return .heal(.all) }
        if let next = reader.next, next.kind == .word, let number = next.text.faultNumber {
            _ = reader.take()
            guard number > 0 else { throw SyntaxProblem(at: next.offset, "faults are numbered from F1") }
            return .heal(.number(number))
        }
        let (name, offset) = try reader.name("all, a fault such as F1, or a target")
        return .heal(.target(try target(name, at: offset)))
    }

    private mutating func setting() throws(SyntaxProblem) -> Command {
        let (path, _) = try reader.name("a setting")
        guard let value = reader.rest() else { throw reader.problem("a value") }
        return .set(path: path, value: value)
    }

    private mutating func forcing() throws(SyntaxProblem) -> Command {
        let breaker = try self.guard(.breaker)
        if reader.take(word: "open") { return .force(breaker, .open) }
        if reader.take(word: "closed") { return .force(breaker, .closed) }
        if reader.take(word: "metrics-only") { return .force(breaker, .metricsOnly) }
        guard reader.take(word: "auto") else { throw reader.problem("open, closed, metrics-only or auto") }
        return .force(breaker, nil)
    }

    /// Reads the name of a guard, with its number if it is not the outermost of its kind and edge.
    mutating func `guard`(_ kind: GuardKind) throws(SyntaxProblem) -> GuardName {
        let (name, offset) = try reader.name("the name of an edge with \(kind.article)")
        var number = 1
        if let next = reader.next, next.kind == .word, let given = Int(next.text) {
            _ = reader.take()
            number = given
        }
        return try names.find(kind, name, number: number, at: offset)
    }

    private mutating func stepping() throws(SyntaxProblem) -> Command {
        let isBack = reader.take(word: "back")
        guard let next = reader.next else { return .step(isBack ? .eventsBack(1) : .events(1)) }
        if let count = Int(next.text), next.kind == .word {
            _ = reader.take()
            guard (1...1_000_000_000).contains(count) else {
                throw SyntaxProblem(at: next.offset, "the number of events is out of range; allowed: 1 to 1000000000")
            }
            return .step(isBack ? .eventsBack(count) : .events(count))
        }
        guard !isBack else { throw reader.problem("a number of events") }
        return .step(.length(try reader.positiveDuration("a number of events or a duration")))
    }

    private mutating func running() throws(SyntaxProblem) -> Command {
        if reader.take(word: "to") { return .run(.instant(try reader.instant())) }
        guard reader.take(word: "until") else {
            throw reader.problem("\"to\" and a time, or \"until\" and a condition")
        }
        if let next = reader.next, reader.afterNext == nil, Duration(parsing: next.text) != nil {
            throw SyntaxProblem(at: next.offset, "a condition comes after \"until\"; write: run to \(next.text)")
        }
        return .run(.predicate(try predicate()))
    }

    private mutating func speeding() throws(SyntaxProblem) -> Command {
        let word = try reader.text("a factor")
        guard let speed = Self.speed(word.text) ?? LeadingNumber.value(of: word.text) else {
            throw SyntaxProblem(at: word.offset, "expected a factor such as 4 or 0.5, not \"\(word.text)\"")
        }
        guard (0.001...100_000).contains(speed) else {
            throw SyntaxProblem(at: word.offset, "the speed is out of range; allowed: 0.001 to 100000")
        }
        return .speed(speed)
    }

    /// Reads `x4`.
    private static func speed(_ text: String) -> Double? {
        text.first == "x" ? LeadingNumber.value(of: text.dropFirst()) : nil
    }

    private mutating func rewinding() throws(SyntaxProblem) -> Command {
        guard reader.take(word: "to") else {
            return .rewind(.back(try reader.positiveDuration("how far to go back, or \"to\" and a time or a mark")))
        }
        if let next = reader.next, next.kind == .word, Duration(parsing: next.text) != nil {
            return .rewind(.instant(try reader.instant()))
        }
        return .rewind(.mark(try name("a time or the name of a mark")))
    }
}
