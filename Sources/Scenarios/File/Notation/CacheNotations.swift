import Caching

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
