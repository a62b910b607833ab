import Caching
import Simulation

/// What becomes of copies of what has been overwritten: `immediate`, `lazy`, `ttl 5s`.
struct InvalidationNotation: Notation {
    let pattern =
        "immediate (they are dropped), lazy (they are dropped when they are read), or ttl 5s (they live no longer than that)"

    func read(_ text: String) throws(SyntaxProblem) -> InvalidationStrategy {
        var words = Words(text, as: pattern)
        let word = try words.word()
        let strategy: InvalidationStrategy
        switch word.text {
        case "immediate": strategy = .immediate
        case "lazy": strategy = .lazy
        case "ttl": strategy = .ttl(try words.value(TimeNotation.any))
        default: throw words.refusal(of: word)
        }
        try words.finish()
        return strategy
    }
}

/// What an operation writes: `yes`, `no`, `tag`.
struct WritingNotation: Notation {
    private static let flag = FlagNotation()

    let pattern = "yes, no, or tag"

    func read(_ text: String) throws(SyntaxProblem) -> KeyWriting {
        if text == "tag" { return .tag }
        do {
            return try Self.flag.read(text) ? .key : .nothing
        } catch {
            throw refusal(of: text)
        }
    }
}

/// Keys as text, by operation and number: `price:*`, `page:1?`.
struct KeyPatternNotation: Notation {
    let pattern =
        "keys by operation and number such as price:42, with * for any text and ? for any character, at most "
        + "\(KeyPattern.longest) characters"

    func read(_ text: String) throws(SyntaxProblem) -> KeyPattern {
        do {
            return try KeyPattern(text)
        } catch {
            throw refusal(of: text)
        }
    }
}

/// Which keys are loaded before they are asked for, and when: `popular 100 at restart`, `next 3 above 60%`.
struct WarmingNotation: Notation {
    private static let count = CountNotation(range: 1...100_000)
    private static let usages = [
        "popular 100 at restart, or popular 100 every 30s", "first 100 at restart, or first 100 every 30s",
        "next 3 above 60%", "coming hour 100 above 50%",
    ]

    let pattern =
        "none, popular 100 at restart (those used most within an hour), first 100 every 30s (those from 1 on), "
        + "next 3 above 60% (what usually follows a key that is used), or coming hour 100 above 50% (what is usually used "
        + "in the hour that comes)"

    func read(_ text: String) throws(SyntaxProblem) -> WarmingPlan.Choice? {
        if text == "none" { return nil }
        var words = Words(text, as: Self.usages.first { $0.hasPrefix(text.prefix { $0.isLetter }) } ?? pattern)
        let choice = try choice(&words)
        try words.finish()
        return choice
    }

    private func choice(_ words: inout Words) throws(SyntaxProblem) -> WarmingPlan.Choice {
        let word = try words.word()
        switch word.text {
        case "popular": return .popular(try words.value(Self.count), try occasion(&words))
        case "first": return .first(try words.value(Self.count), try occasion(&words))
        case "next": return .next(try words.value(Self.count), confidence: try share(&words))
        case "coming":
            try words.literal("hour")
            return .comingHour(try words.value(Self.count), likelihood: try share(&words))
        default: throw words.refusal(of: word)
        }
    }

    private func share(_ words: inout Words) throws(SyntaxProblem) -> Double {
        try words.literal("above")
        return try words.value(ShareNotation(allowsZero: true))
    }

    private func occasion(_ words: inout Words) throws(SyntaxProblem) -> WarmingPlan.Occasion {
        if words.takes("every") { return .every(try words.value(TimeNotation.period)) }
        try words.literal("at restart")
        return .restart
    }
}

/// When an entry is loaded anew before its life is over: `eager 80%`, `early 1`.
struct RefreshNotation: Notation {
    private static let beta = FactorNotation(range: 0...1_000)

    let pattern =
        "none, eager 80% (the first call after that share of its life), or early 1 (by chance, the likelier the nearer "
        + "the end and the slower the load: XFetch, with its factor)"

    func read(_ text: String) throws(SyntaxProblem) -> ReadSettings.Refresh {
        var words = Words(text, as: pattern)
        let word = try words.word()
        let refresh: ReadSettings.Refresh
        switch word.text {
        case "none": refresh = .none
        case "eager": refresh = .eager(share: try words.value(ShareNotation(allowsZero: true)))
        case "early": refresh = .early(beta: try words.value(Self.beta))
        default: throw words.refusal(of: word)
        }
        try words.finish()
        return refresh
    }
}
