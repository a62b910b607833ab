/// The weights of replicas: `5, 1, 1`, or one for all.
struct WeightsNotation: Notation {
    private static let weight = CountNotation(range: 0...1_000)

    let pattern = "a weight such as 5, or one for each replica such as 5, 1, 1, each 0 to 1000"

    func read(_ text: String) throws(SyntaxProblem) -> [Int] {
        var weights: [Int] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            do {
                weights.append(try Self.weight.read(String(part.trimmed)))
            } catch {
                throw refusal(of: text)
            }
        }
        return weights
    }
}

/// How much of its share somebody may have: `125%`.
struct BoundNotation: Notation {
    let pattern = "a share of whole percents from 101% to 10000%, such as 125%"

    func read(_ text: String) throws(SyntaxProblem) -> Int {
        guard let number = LeadingNumber(startOf: text), number.rest.isEmpty || number.rest == "%" else {
            throw refusal(of: text)
        }
        guard number.rest == "%" else { throw SyntaxProblem(at: 0, "\(text) needs a unit: write \(text)%") }
        guard let percent = Int(exactly: number.value), (101...10_000).contains(percent) else {
            throw SyntaxProblem(at: 0, "\(text.clipped) is out of range; allowed: \(pattern)")
        }
        return percent
    }
}

/// The zones of replicas: `a, a, b`.
struct ZonesNotation: Notation {
    private static let name = NameNotation()

    let pattern = "the name of a zone for each replica, such as a, a, b"

    func read(_ text: String) throws(SyntaxProblem) -> [String] {
        var zones: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            do {
                zones.append(try Self.name.read(String(part.trimmed)))
            } catch {
                throw refusal(of: text)
            }
        }
        return zones
    }
}
