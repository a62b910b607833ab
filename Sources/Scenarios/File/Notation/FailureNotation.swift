import Resilience

/// Kinds of failures: `timeout, server, network`.
struct FailureNotation: Notation {
    private static let kinds: [(name: String, kinds: FailureKinds)] =
        FailureKind.allCases.map { ($0.name, FailureKinds($0)) } + [
            ("transient", .transient), ("rejections", .rejections), ("all", .all), ("none", []),
        ]

    /// The words that stand for kinds.
    static let names = kinds.map(\.name)

    let pattern =
        "kinds of failures: \(Self.names.joined(separator: ", ")); several with spaces between them. "
        + "transient is timeout, rate-limit, server and network"

    func read(_ text: String) throws(SyntaxProblem) -> FailureKinds {
        var words = Words(text, as: pattern)
        var kinds: FailureKinds = []
        repeat {
            let word = try words.word()
            let name = word.text.last == "," ? word.text.dropLast() : word.text
            guard let found = Self.kinds.first(where: { $0.name == name }) else {
                let hint = Spelling.hint(for: String(name), among: Self.names)
                throw SyntaxProblem(at: word.offset, "no kind of failure is named \"\(String(name).clipped)\"\(hint)")
            }
            kinds.formUnion(found.kinds)
        } while words.next != nil
        return kinds
    }
}

extension FailureKind {
    /// The kind as scenarios write it: `circuit-open`.
    var name: String {
        switch self {
        case .timeout: "timeout"
        case .rateLimit: "rate-limit"
        case .server: "server"
        case .client: "client"
        case .network: "network"
        case .circuitOpen: "circuit-open"
        case .rejected: "rejected"
        case .cancelled: "cancelled"
        case .expired: "expired"
        }
    }
}
