import Resilience
import Simulation

extension CommandParser {
    /// How deep parentheses and `not` may be nested.
    private static let deepest = 32

    /// Reads a predicate: `or` of `and` of comparisons, states, `not` and parentheses.
    mutating func predicate(depth: Int = 0) throws(SyntaxProblem) -> Predicate {
        guard depth < Self.deepest else { throw SyntaxProblem(at: reader.offset, "nested too deeply") }
        var left = try conjunction(depth)
        while reader.take(word: "or") { left = .or(left, try conjunction(depth)) }
        return left
    }

    private mutating func conjunction(_ depth: Int) throws(SyntaxProblem) -> Predicate {
        var left = try condition(depth)
        while reader.take(word: "and") { left = .and(left, try condition(depth)) }
        return left
    }

    private mutating func condition(_ depth: Int) throws(SyntaxProblem) -> Predicate {
        guard depth < Self.deepest else { throw SyntaxProblem(at: reader.offset, "nested too deeply") }
        if reader.take(word: "not") { return .not(try condition(depth + 1)) }
        if reader.take(word: "breaker") { return try breakerState() }
        if reader.next?.isSign("(") == true, !parenthesisHoldsValue {
            _ = reader.take()
            let inner = try predicate(depth: depth + 1)
            try reader.expect(sign: ")")
            return inner
        }
        return try comparison(depth)
    }

    /// Whether what the next parenthesis holds is a number: then it is compared, or added to.
    private var parenthesisHoldsValue: Bool {
        guard let after = reader.afterMatchingParenthesis, after.kind == .sign else { return false }
        return after.text == "+" || after.text == "-" || Comparison(rawValue: after.text) != nil
    }

    private mutating func breakerState() throws(SyntaxProblem) -> Predicate {
        let name = try self.guard(.breaker)
        try reader.expect(word: "is")
        if reader.take(word: "forced") {
            if reader.take(word: "open") { return .breaker(name, .forcedOpen) }
            guard reader.take(word: "closed") else { throw reader.problem("open or closed") }
            return .breaker(name, .disabled)
        }
        for state in [CircuitBreaker.State.open, .closed, .halfOpen, .metricsOnly] where reader.take(word: state.name) {
            return .breaker(name, state)
        }
        throw reader.problem("open, closed, half-open, forced open, forced closed or metrics-only")
    }

    private mutating func comparison(_ depth: Int) throws(SyntaxProblem) -> Predicate {
        let left = try value(depth)
        guard let sign = reader.next, sign.kind == .sign, let comparison = Comparison(rawValue: sign.text) else {
            let hint = reader.next?.isSign("=") == true ? "==" : "<, <=, >, >=, == or !="
            throw reader.problem(hint)
        }
        _ = reader.take()
        let start = reader.offset
        let right = try value(depth)
        try check(left.unit, right.unit, right, at: start)
        return .comparison(left, comparison, right)
    }

    /// Makes sure that two values are numbers of the same unit.
    private func check(_ left: Unit?, _ right: Unit?, _ value: Value, at offset: Int) throws(SyntaxProblem) {
        guard let left, let right, left != right else { return }
        if case .literal(let quantity) = value, right == .count {
            throw SyntaxProblem(
                at: offset, "\(quantity) needs a unit: this is \(left.rawValue), written like \(left.example)")
        }
        throw SyntaxProblem(at: offset, "\(left.rawValue) cannot be compared with, or added to, \(right.rawValue)")
    }

    private mutating func value(_ depth: Int) throws(SyntaxProblem) -> Value {
        var left = try term(depth)
        while true {
            let isSum = reader.take(sign: "+")
            guard isSum || reader.take(sign: "-") else { return left }
            let start = reader.offset
            let right = try term(depth)
            try check(left.unit, right.unit, right, at: start)
            left = isSum ? .sum(left, right) : .difference(left, right)
        }
    }

    private mutating func term(_ depth: Int) throws(SyntaxProblem) -> Value {
        guard depth < Self.deepest else { throw SyntaxProblem(at: reader.offset, "nested too deeply") }
        if reader.take(sign: "(") {
            let inner = try value(depth + 1)
            try reader.expect(sign: ")")
            return inner
        }
        guard let next = reader.next, next.kind != .sign else {
            throw reader.problem("a number, a metric or an account")
        }
        if next.kind == .word, next.text.first?.isNumber == true, reader.afterNext?.isSign("(") != true {
            _ = reader.take()
            do {
                return .literal(try Quantity(parsing: next.text))
            } catch {
                throw SyntaxProblem(at: next.offset + error.offset, error.message)
            }
        }
        return try namedValue(next)
    }

    /// Reads a metric, an account or `pending`.
    private mutating func namedValue(_ first: Token) throws(SyntaxProblem) -> Value {
        if let metric = takeMetric() {
            return .reading(Reading(metric: metric, subject: try subject(of: metric)))
        }
        _ = reader.take()
        if first.isWord("pending") { return .pending }
        if let index = names.plan.accounts.firstIndex(of: first.text) {
            return .account(PlanName(index: index, name: first.text))
        }
        if let joined = first.text.firstIndex(of: "-"), first.kind == .word,
            names.plan.accounts.contains(String(first.text[..<joined]))
        {
            throw SyntaxProblem(at: first.offset, "put spaces around the minus sign in \"\(first.text)\"")
        }
        // The accounts come first: the reference, which lists the metrics, does not know them.
        let known = names.plan.accounts + ["pending"] + Metric.allCases.map(\.rawValue)
        throw names.unknown(
            first.text, among: known, at: first.offset, "metric or account", listedBy: .metrics)
    }

    /// Reads the name of a metric, which may be several words: the longest that fits.
    private mutating func takeMetric() -> Metric? {
        let start = reader.mark
        var found: (metric: Metric, end: Int)?
        var words = ""
        while let token = reader.next, token.kind == .word, reader.mark - start < 3 {
            words += (words.isEmpty ? "" : " ") + token.text
            _ = reader.take()
            if let metric = Metric(rawValue: words) { found = (metric, reader.mark) }
        }
        reader.rewind(to: found?.end ?? start)
        return found?.metric
    }

    private mutating func subject(of metric: Metric) throws(SyntaxProblem) -> Reading.Subject {
        guard metric.argument != .none else { return .system }
        guard reader.take(sign: "(") else { throw reader.problem("\"(\" and what to measure: \(metric.syntax)") }
        let subject: Reading.Subject
        switch metric.argument {
        case .none: subject = .system
        case .latencies: subject = try population(hasKind: true)
        case .calls: subject = try population(hasKind: false)
        case .breaker: subject = .stage(try self.guard(.breaker))
        case .bulkhead: subject = .stage(try self.guard(.bulkhead))
        case .balancer: subject = .stage(try self.guard(.balancer))
        case .connections: subject = .stage(try self.guard(.connections))
        case .memory: subject = try memory()
        case .concurrency: subject = .stage(try self.guard(.concurrency))
        case .service, .cache, .cached, .edge, .saga, .flows, .choreography, .store, .projection, .bus, .letters,
            .gateway:
            subject = try part(metric.argument)
        }
        try reader.expect(sign: ")")
        return subject
    }

    /// Reads the name of a service, a cache, an edge, a saga, an event store, a projection or a bus.
    private mutating func part(_ argument: Metric.Argument) throws(SyntaxProblem) -> Reading.Subject {
        let (name, offset) = try reader.name("the name of \(argument.rawValue)")
        switch argument {
        case .cache where names.queryBuses.contains(name):
            return .projection(try names.find(name, among: names.projections, at: offset, "projection"))
        case .cache:
            let (service, level) = try names.cache(name, at: offset)
            return .cache(service, level: level, name: name)
        case .cached:
            let (service, level) = try names.cache(name, at: offset)
            guard level == 0 else {
                throw SyntaxProblem(at: offset, "\"\(name)\" is one level; write the name of the service")
            }
            return .service(service)
        case .edge: return .edge(try names.edge(name, at: offset))
        case .saga: return .saga(try names.saga(name, at: offset))
        case .flows where names.sagas.contains(name): return .saga(try names.saga(name, at: offset))
        case .flows:
            let known = names.sagas + names.choreographies
            let kinds = names.choreographies.isEmpty ? "saga" : "saga or choreography"
            let found = try names.find(name, among: known, at: offset, kinds)
            return .choreography(PlanName(index: found.index - names.sagas.count, name: name))
        case .choreography:
            return .choreography(try names.find(name, among: names.choreographies, at: offset, "choreography"))
        case .store: return .store(try names.find(name, among: names.stores, at: offset, "event store"))
        case .bus: return .bus(try names.find(name, among: names.buses, at: offset, "command bus"))
        case .gateway:
            _ = try names.find(name, among: names.gateways, at: offset, "gateway")
            return .service(try names.service(name, at: offset))
        case .letters where names.buses.contains(name):
            return .bus(try names.find(name, among: names.buses, at: offset, "command bus"))
        case .letters where names.choreographies.contains(name):
            return .choreography(try names.find(name, among: names.choreographies, at: offset, "choreography"))
        case .letters:
            let known = names.projections + names.buses + names.choreographies
            return .projection(
                try names.find(name, among: known, at: offset, "projection, command bus or choreography"))
        case .projection:
            return .projection(try names.find(name, among: names.projections, at: offset, "projection"))
        case .none, .latencies, .calls, .service, .breaker, .bulkhead, .balancer, .connections, .memory, .concurrency:
            return .service(try names.service(name, at: offset))
        }
    }

    /// Reads the name of a service with memory, or of an edge with a memory guard.
    private mutating func memory() throws(SyntaxProblem) -> Reading.Subject {
        if let next = reader.next, reader.afterNext?.isSign("->") != true, names.memories.contains(next.text) {
            _ = reader.take()
            return .service(try names.memory(next.text, at: next.offset))
        }
        return .stage(try self.guard(.memory))
    }

    /// Reads the name of an operation, a saga or a load.
    private mutating func population(hasKind: Bool) throws(SyntaxProblem) -> Reading.Subject {
        let isOK = hasKind && reader.afterNext?.isSign(")") == false && reader.take(word: "ok")
        let kind: LatencyLog.Kind = isOK ? .ok : .all
        let (name, offset) = try reader.name("the name of an operation, a saga or a load")
        let operation = names.plan.operations.firstIndex { $0.name == name }
        let load = names.loads.firstIndex(of: name)
        switch (operation, load) {
        case (let index?, nil): return .operation(PlanName(index: index, name: name), kind)
        case (nil, let index?): return .load(PlanName(index: index, name: name), kind)
        case (_?, _?): throw SyntaxProblem(at: offset, "\(name) is both an operation and a load; rename one")
        case (nil, nil):
            let within = names.plan.operations.map(\.name).filter { $0.hasPrefix(name + ".") }
            let known = within.isEmpty ? names.populations : within
            throw names.unknown(name, among: known, at: offset, "operation, saga or load")
        }
    }
}
