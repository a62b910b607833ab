public import Timeline

/// What is to be done where, when a key is overwritten that a pattern matches.
public struct InvalidationPattern: Hashable, Sendable {
    /// Which keys are meant.
    public let keys: KeyPattern
    /// What happens to copies.
    public let strategy: InvalidationStrategy
    /// Who is told.
    public let propagation: Propagation

    /// Checks a pattern.
    /// - Parameters:
    ///   - keys: which keys are meant.
    ///   - strategy: what happens to copies; a shortened life has to be 0 or more.
    ///   - propagation: who is told.
    /// - Throws: a ``SettingError`` for a life out of its range.
    public init(_ keys: KeyPattern, _ strategy: InvalidationStrategy, _ propagation: Propagation) throws(SettingError) {
        if case .ttl(let life) = strategy, life < .zero {
            throw SettingError("ttl", given: life, allowed: "0s or more")
        }
        self.keys = keys
        self.strategy = strategy
        self.propagation = propagation
    }
}

/// What is to be done about a key that has been overwritten.
public struct InvalidationDecision: Hashable, Sendable {
    /// What happens to copies.
    public var strategy: InvalidationStrategy
    /// Who is told.
    public var propagation: Propagation
    /// The patterns that the key matches, by their places in ``InvalidationRules/patterns``; none if it is the default.
    public var matches: [Int]

    /// A decision that follows from these patterns; by default from none.
    public init(_ strategy: InvalidationStrategy, _ propagation: Propagation, matches: [Int] = []) {
        self.strategy = strategy
        self.propagation = propagation
        self.matches = matches
    }
}

/// Which keys are invalidated how.
///
/// All patterns that match a key apply: of their strategies the strongest, of their propagations the widest. A key that
/// none matches is invalidated all the same, by the default.
public struct InvalidationRules: Hashable, Sendable {
    /// How many patterns there can be.
    public static let mostPatterns = 1_000

    /// Every copy that another node than the writer has is dropped at once.
    public static let dropAtOthers = InvalidationRules()

    /// The patterns, in the order in which decisions name them.
    public let patterns: [InvalidationPattern]
    /// What is done about keys that no pattern matches.
    public let otherwise: InvalidationDecision

    private init() {
        patterns = []
        otherwise = InvalidationDecision(.immediate, .others)
    }

    /// Checks the rules.
    /// - Parameters:
    ///   - patterns: ``mostPatterns`` at most.
    ///   - strategy: what happens to copies of keys that none matches; by default they are dropped at once.
    ///   - propagation: who is told of such keys; everybody by default.
    /// - Throws: a ``SettingError`` for a setting out of its range.
    public init(
        _ patterns: [InvalidationPattern], otherwise strategy: InvalidationStrategy = .immediate,
        _ propagation: Propagation = .all
    ) throws(SettingError) {
        guard patterns.count <= Self.mostPatterns else {
            throw SettingError("patterns", given: patterns.count, allowed: "\(Self.mostPatterns) at most")
        }
        if case .ttl(let life) = strategy, life < .zero {
            throw SettingError("otherwise", given: life, allowed: "0s or more")
        }
        self.patterns = patterns
        otherwise = InvalidationDecision(strategy, propagation)
    }

    /// What is to be done about a key, and why.
    public func decision(for key: String) -> InvalidationDecision {
        let scalars = Array(key.unicodeScalars)
        let matches = patterns.indices.filter { patterns[$0].keys.matches(scalars) }
        guard let first = matches.first else { return otherwise }
        var decision = InvalidationDecision(
            patterns[first].strategy, patterns[first].propagation, matches: matches)
        for match in matches.dropFirst() {
            decision.strategy = decision.strategy.stronger(of: patterns[match].strategy)
            decision.propagation = max(decision.propagation, patterns[match].propagation)
        }
        return decision
    }
}
