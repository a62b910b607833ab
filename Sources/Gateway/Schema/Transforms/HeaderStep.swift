internal import Timeline

/// A change of header fields.
public enum HeaderStep: Hashable, Sendable {
    /// One field of this name with this value, in the place of the first one if there are any.
    case set(String, String)
    /// One field more, after all others.
    case add(String, String)
    /// Without any field of this name.
    case remove(String)
    /// With another name for all of this name; the order stays.
    case rename(String, to: String)

    /// What frames a message or belongs to a connection is not a transform's to change: who could, could smuggle another
    /// request behind the first (RFC 9112, section 11.2; RFC 9110, section 7.6.1).
    private static let untouchable = [
        "connection", "content-length", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade",
    ]

    func check() throws(SettingError) {
        for name in names {
            guard !name.isEmpty, name.utf8.allSatisfy(\.isTokenByte) else {
                throw SettingError("header", given: Violation.clip(name), allowed: "a token (RFC 9110, section 5.6.2)")
            }
            guard !Self.untouchable.contains(where: { $0.isSameName(as: name) }) else {
                throw SettingError("header", given: name, allowed: "none of framing or of one connection")
            }
        }
        guard let value else { return }
        let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
        guard isPlain, value.utf8.first?.isBlank != true, value.utf8.last?.isBlank != true else {
            let allowed = "no control characters, and no blanks around (RFC 9110, section 5.5)"
            throw SettingError("header value", given: Violation.clip(value), allowed: allowed)
        }
    }

    private var names: [String] {
        switch self {
        case .set(let name, _), .add(let name, _), .remove(let name): [name]
        case .rename(let name, let other): [name, other]
        }
    }

    private var value: String? {
        switch self {
        case .set(_, let value), .add(_, let value): value
        case .remove, .rename: nil
        }
    }

    func apply(to headers: inout [NamedValue]) {
        switch self {
        case .set(let name, let value):
            guard let first = Self.place(of: name, in: headers, from: 0) else {
                headers.append(NamedValue(name, value))
                return
            }
            headers[first] = NamedValue(name, value)
            Self.remove(name, from: &headers, after: first)
        case .add(let name, let value): headers.append(NamedValue(name, value))
        case .remove(let name): Self.remove(name, from: &headers, after: -1)
        case .rename(let name, let other):
            var next = Self.place(of: name, in: headers, from: 0)
            while let place = next {
                headers[place].name = other
                next = Self.place(of: name, in: headers, from: place + 1)
            }
        }
    }

    private static func place(of name: String, in headers: [NamedValue], from start: Int) -> Int? {
        var place = start
        while place < headers.count {
            if headers[place].name.isSameName(as: name) { return place }
            place += 1
        }
        return nil
    }

    private static func remove(_ name: String, from headers: inout [NamedValue], after start: Int) {
        // Mostly there is none, and then nothing has to be moved.
        guard let first = place(of: name, in: headers, from: start + 1) else { return }
        let rest = headers[(first + 1)...].filter { !$0.name.isSameName(as: name) }
        headers.replaceSubrange(first..., with: rest)
    }
}

extension String {
    /// Whether they are the same name of a header field: ASCII in upper and lower case (RFC 9110, section 5.1).
    func isSameName(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let isSame = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                left.indices.allSatisfy { left[$0].lowercased == right[$0].lowercased }
            }
        }
        return (isSame ?? nil) ?? zip(utf8, other.utf8).allSatisfy { $0.lowercased == $1.lowercased }
    }
}

extension UInt8 {
    /// Whether it is a space or a tab.
    var isBlank: Bool { self == 0x20 || self == 0x09 }
}
