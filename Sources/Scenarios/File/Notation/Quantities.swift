import Timeline

/// A whole number, plain or with its unit: `16`, `500 entries`.
struct CountNotation: Notation {
    let range: ClosedRange<Int>
    /// What is counted, in the singular, where it is said: `call`.
    var unit: (one: String, many: String)?

    var pattern: String {
        "\(range.lowerBound) to \(range.upperBound)\(unit.map { " \($0.many)" } ?? ", without a unit")"
    }

    func read(_ text: String) throws(SyntaxProblem) -> Int {
        var words = Words(text, as: pattern)
        let word = try words.word()
        guard word.text.allSatisfy({ $0.isASCII && $0.isNumber }) else { throw refusal(of: text) }
        if let unit {
            guard words.next != nil else {
                throw SyntaxProblem(
                    at: 0, "\(word.text.clipped) needs its unit: write \(word.text.clipped) \(unit.many)")
            }
            if !words.takes(unit.one) { try words.literal(unit.many) }
        }
        try words.finish()
        guard let count = Int(word.text), range.contains(count) else {
            throw SyntaxProblem(
                at: 0, "\(word.text.clipped) is out of range; allowed: \(range.lowerBound) to \(range.upperBound)")
        }
        return count
    }
}

/// A whole number from which chance is derived.
struct SeedNotation: Notation {
    let pattern = "a whole number from 0 to \(UInt64.max)"

    func read(_ text: String) throws(SyntaxProblem) -> UInt64 {
        guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let seed = UInt64(text) else {
            throw refusal(of: text)
        }
        return seed
    }
}

/// A length of time: `250ms`.
struct TimeNotation: Notation {
    let range: ClosedRange<Duration>

    /// Nothing in a scenario lasts longer than ten years.
    static let longest = Duration.minutes(10 * 365 * 24 * 60)
    /// Any length, none included.
    static let any = TimeNotation(range: .zero...longest)
    /// Any length but none.
    static let positive = TimeNotation(range: .nanoseconds(1)...longest)
    /// A millisecond or more: where something happens again and again, a run must not stand still.
    static let period = TimeNotation(range: .milliseconds(1)...longest)

    var pattern: String {
        let limits =
            switch (range.lowerBound, range.upperBound) {
            case (.zero, Self.longest): ""
            case (.nanoseconds(1), Self.longest): ", more than 0s"
            case (let least, Self.longest): ", at least \(least)"
            case (let least, let most): ", \(least) to \(most)"
            }
        return "a length of time such as 250ms, 1.5s or 2m\(limits)"
    }

    func read(_ text: String) throws(SyntaxProblem) -> Duration {
        guard let length = Duration(parsing: text) else {
            if LeadingNumber.value(of: text) != nil {
                throw SyntaxProblem(at: 0, "\(text) needs a unit: write \(text)ms, \(text)s or \(text)m")
            }
            throw refusal(of: text)
        }
        guard range.contains(length) else {
            let least = range.lowerBound == .nanoseconds(1) ? "more than 0s, up" : "\(range.lowerBound)"
            throw SyntaxProblem(at: 0, "\(text.clipped) is out of range; allowed: \(least) to \(range.upperBound)")
        }
        return length
    }
}

/// So many in a unit of time: `280/s`.
struct RateNotation: Notation {
    private static let most = 10_000_000
    private static let mostText = "\(most)/s"

    let pattern = "a rate such as 60/s, 90/m or 10/h, at most \(Self.mostText)"

    func read(_ text: String) throws(SyntaxProblem) -> Double {
        guard let number = LeadingNumber(startOf: text) else { throw refusal(of: text) }
        let perSecond: Double
        switch number.rest {
        case "/s": perSecond = number.value
        case "/m": perSecond = number.value / 60
        case "/h": perSecond = number.value / 3_600
        case "": throw SyntaxProblem(at: 0, "\(text) needs a unit: write \(text)/s, \(text)/m or \(text)/h")
        default: throw refusal(of: text)
        }
        guard perSecond <= Double(Self.most) else {
            throw SyntaxProblem(at: 0, "\(text) is out of range; allowed: 0/s to \(Self.mostText)")
        }
        return perSecond
    }
}

/// A share of something: `10%`.
struct ShareNotation: Notation {
    /// Whether it may be nothing.
    let allowsZero: Bool

    var pattern: String { "a share from \(allowsZero ? "0%" : "more than 0%") to 100%" }

    func read(_ text: String) throws(SyntaxProblem) -> Double {
        guard let number = LeadingNumber(startOf: text), number.rest.isEmpty || number.rest == "%" else {
            throw refusal(of: text)
        }
        guard number.rest == "%" else { throw SyntaxProblem(at: 0, "\(text) needs a unit: write \(text)%") }
        guard number.value <= 100, allowsZero || number.value > 0 else {
            throw SyntaxProblem(at: 0, "\(text) is out of range; allowed: \(pattern)")
        }
        return number.hundredth
    }
}

/// Amounts of money: `12.50`, or any in a range, `5.00 to 200.00`.
struct MoneyNotation: Notation {
    private static let mostCents: Int64 = 100_000_000

    let pattern = "an amount such as 12.50, or a range such as 5.00 to 200.00, from 0.01 to 1000000.00"

    func read(_ text: String) throws(SyntaxProblem) -> ClosedRange<Int64> {
        var words = Words(text, as: pattern)
        let least = try cents(words.word())
        guard words.next != nil else { return least...least }
        try words.literal("to")
        let word = try words.word()
        let most = try cents(word)
        try words.finish()
        guard least <= most else {
            throw SyntaxProblem(at: word.offset, "\(word.text) is below the least amount; write \(pattern)")
        }
        return least...most
    }

    private func cents(_ word: Words.Word) throws(SyntaxProblem) -> Int64 {
        guard let cents = Self.cents(word.text), (1...Self.mostCents).contains(cents) else {
            throw refusal(of: word.text, at: word.offset)
        }
        return cents
    }

    /// The cents of an amount, however large, which has two decimals; nil for anything else.
    static func cents(_ text: some StringProtocol) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].count == 2,
            parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } })
        else { return nil }
        return Int64("\(parts[0])\(parts[1])")
    }
}
