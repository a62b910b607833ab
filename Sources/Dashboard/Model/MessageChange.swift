internal import Gateway
internal import Screen

/// A part of a request, as it came to a gateway and as its backend gets it.
struct MessageChange: Hashable, Sendable {
    let name: String
    /// What came; nil for nothing.
    let before: String?
    /// What the backend gets; nil for nothing.
    let after: String?

    /// Whether it stays, is changed, added or dropped: never told by colour alone.
    var sign: Character {
        switch (before, after) {
        case (nil, _): "+"
        case (_, nil): "-"
        default: before == after ? "=" : "~"
        }
    }

    private var role: Role {
        switch sign {
        case "+": .good
        case "-": .bad
        case "~": .warning
        default: .faint
        }
    }

    /// Side by side: its name, what came, and behind that what the backend gets.
    func line(before width: Int) -> Line {
        let came = (before ?? "").count > width ? String((before ?? "").prefix(width - 1)) + "." : before ?? ""
        return Line(
            .text("\(sign) ", role), .text(Self.cut(name, 20).padded(to: 23), .faint),
            .text((sign == "=" ? "" : came).padded(to: width) + " ", .text),
            .text(sign == "=" ? before ?? "" : after ?? "", role == .faint ? .faint : role))
    }

    private static func cut(_ text: String, _ width: Int) -> String {
        text.count > width ? String(text.prefix(width - 1)) + "." : text
    }

    /// All parts of a request, in the order of a message.
    static func all(from received: Request, to forwarded: Request) -> [MessageChange] {
        let line = [
            MessageChange(name: "method", before: received.method.rawValue, after: forwarded.method.rawValue),
            MessageChange(name: "target", before: "\(received.target)", after: "\(forwarded.target)"),
        ]
        let body = MessageChange(name: "body", before: received.body.words, after: forwarded.body.words)
        return line + fields(received.headers, forwarded.headers)
            + (received.body.isNone && forwarded.body.isNone ? [] : [body])
    }

    private static func fields(_ before: Headers, _ after: Headers) -> [MessageChange] {
        var names: [HeaderName] = []
        for headers in [before, after] {
            for place in 0..<headers.count {
                if let name = headers.field(at: place)?.name, !names.contains(name) { names.append(name) }
            }
        }
        return names.map { name in
            MessageChange(name: name.text, before: value(name, before), after: value(name, after))
        }
    }

    /// The values of a field; who may do something by one, nobody reads here.
    private static func value(_ name: HeaderName, _ headers: Headers) -> String? {
        guard headers.contains(name) else { return nil }
        return secret.contains(name.text) ? "(not shown)" : headers.values(of: name).joined(separator: ", ")
    }

    private static let secret = ["authorization", "proxy-authorization", "cookie", "x-api-key"]
}

extension Body {
    fileprivate var words: String? {
        guard !isNone else { return nil }
        guard let fields else { return "\(size) bytes" }
        return "\(Figures.count(fields.count, "field")), \(size) bytes"
    }
}
