import Gateway
import Simulation
import Timeline

/// The methods of a route: `GET`, `GET HEAD`, or `any`.
struct MethodsNotation: Notation {
    let pattern = "any, or one or more of \(Method.allCases.map(\.rawValue).joined(separator: ", "))"

    func read(_ text: String) throws(SyntaxProblem) -> MethodSet? {
        guard text != "any" else { return nil }
        var methods: MethodSet = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
            guard let method = Method(rawValue: String(word)) else { throw refusal(of: word) }
            methods.insert(MethodSet(method))
        }
        guard !methods.isEmpty else { throw refusal(of: text) }
        return methods
    }
}

/// The paths of a route: `/orders/{id}`.
struct PathNotation: Notation {
    let pattern = "a path such as /orders/{id} or /static/*"

    func read(_ text: String) throws(SyntaxProblem) -> PathPattern {
        try checkedAlone { () throws(SettingError) in try PathPattern(text) }
    }
}

/// What a route wants to know of who asks: `open`, `optional`, `required`, or scopes.
struct AuthNotation: Notation {
    let pattern = "open, optional, required, or scopes such as orders:write"

    func read(_ text: String) throws(SyntaxProblem) -> AuthRequirement {
        switch text {
        case "open": .open
        case "optional": .optional
        case "required": .required(.none)
        default: .required(try ScopesNotation().read(text))
        }
    }
}

/// What a token or a key allows: `orders:read orders:write`, or `none`.
struct ScopesNotation: Notation {
    let pattern = "names with spaces between them, such as orders:read orders:write, or none"

    func read(_ text: String) throws(SyntaxProblem) -> Scopes {
        guard text != "none" else { return .none }
        return try checkedAlone { () throws(SettingError) in try Scopes(text: text) }
    }
}

/// A text without blanks: `https://id.example`.
struct WordNotation: Notation {
    let pattern = "1 to 256 visible ASCII characters without blanks"

    func read(_ text: String) throws(SyntaxProblem) -> String {
        guard (1...256).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw refusal(of: text)
        }
        return text
    }
}

/// The addresses of trusted proxies: `10.0.0.0/8 2001:db8::/32`, `nobody` or `everybody`.
struct AddressesNotation: Notation {
    let pattern = "nobody, everybody, or addresses such as 10.0.0.0/8 192.0.2.1"

    func read(_ text: String) throws(SyntaxProblem) -> TrustedProxies {
        switch text {
        case "nobody": return TrustedProxies()
        case "everybody": return try ranges(["0.0.0.0/0", "::/0"])
        default: return try ranges(text.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init))
        }
    }

    private func ranges(_ texts: [String]) throws(SyntaxProblem) -> TrustedProxies {
        var ranges: [AddressRange] = []
        for text in texts { ranges.append(try checkedAlone { () throws(SettingError) in try AddressRange(text) }) }
        return TrustedProxies(ranges)
    }
}

/// Whose pages may read answers: `any`, or origins.
struct OriginsNotation: Notation {
    let pattern = "any, or origins such as https://shop.example with spaces between them"

    func read(_ text: String) throws(SyntaxProblem) -> CORS.Origins {
        if text == "any" { return .any }
        let origins = text.split(whereSeparator: { $0 == " " || $0 == "," }).map(String.init)
        guard !origins.isEmpty else { throw refusal(of: text) }
        return .these(origins)
    }
}

/// A request as a load writes it: `GET /products/{key}`, with a size for one that has a body: `POST /orders 2kB`.
struct RequestNotation: Notation {
    let pattern = "a method and a target such as \"GET /products/{key}\", and a size such as 2kB for a body"

    func read(_ text: String) throws(SyntaxProblem) -> RequestForm {
        var words = Words(text, as: pattern)
        let word = try words.word()
        guard let method = Method(rawValue: String(word.text)) else { throw words.refusal(of: word) }
        let target = try words.word()
        try check(target)
        guard target.text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), target.text.utf8.count <= 4_096 else {
            throw words.refusal(of: target)
        }
        let size = words.next == nil ? 0 : try words.value(BytesNotation(range: 0...(1 << 40)))
        try words.finish()
        return RequestForm(method, String(target.text), body: Body(size: size))
    }

    /// Complains about what no client would send, but rather somebody has written wrongly.
    private func check(_ target: Words.Word) throws(SyntaxProblem) {
        let text = target.text
        guard text.hasPrefix("/") || text == "*" || text.hasPrefix("http://") || text.hasPrefix("https://") else {
            throw SyntaxProblem(
                at: target.offset, "\"\(String(text).clipped)\" is no target; write one such as /products")
        }
        if text.replacing("{key}", with: "").contains(where: { $0 == "{" || $0 == "}" }) {
            throw SyntaxProblem(
                at: target.offset, "only {key} stands for something else in a target; leave out other braces")
        }
    }
}
