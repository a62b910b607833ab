internal import Timeline

/// A change of a query of parameters such as `a=1&b=2`; what it does not concern stays as it was sent.
///
/// Names are compared as they are without percent-encoding, so that `%61=1` is `a` too.
public enum QueryStep: Hashable, Sendable {
    /// With one more parameter, at the end; both are percent-encoded.
    case add(String, String)
    /// Without any parameter of this name.
    case remove(String)
    /// With another name for all of this name; the order stays.
    case rename(String, to: String)

    func check() throws(SettingError) {
        for name in names where name.isEmpty || name.utf8.count > 256 {
            throw SettingError("query parameter", given: name, allowed: "1 to 256 bytes")
        }
    }

    private var names: [String] {
        switch self {
        case .add(let name, _), .remove(let name): [name]
        case .rename(let name, let other): [name, other]
        }
    }

    func apply(to query: inout String?) {
        switch self {
        case .add(let name, let value):
            let start = query.map { $0.isEmpty ? "" : $0 + "&" } ?? ""
            query = start + Self.encoded(name) + "=" + Self.encoded(value)
        case .remove(let name): Self.edit(&query, name) { _ in nil }
        case .rename(let name, let other):
            let other = Self.encoded(other)
            Self.edit(&query, name) { rest in other + String(Substring(rest)) }
        }
    }

    /// Replaces each parameter of a name by what becomes of it and the rest behind the name, or drops it.
    private static func edit(_ query: inout String?, _ name: String, _ change: (Substring.UTF8View) -> String?) {
        guard let former = query, !former.isEmpty else { return }
        var (pieces, isChanged): ([String], Bool) = ([], false)
        for piece in former.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            let given = piece.prefix { $0 != UInt8(ascii: "=") }
            if isName(given, name) {
                isChanged = true
                if let changed = change(piece.dropFirst(given.count)) { pieces.append(changed) }
            } else {
                pieces.append(String(Substring(piece)))
            }
        }
        if isChanged { query = pieces.isEmpty ? nil : pieces.joined(separator: "&") }
    }

    /// Whether a name as it was sent stands for this one: percent-encoded, or with `+` for a space.
    private static func isName(_ given: Substring.UTF8View, _ name: String) -> Bool {
        var (bytes, wanted) = (given[...], name.utf8[...])
        while let byte = bytes.popFirst() {
            var decoded = byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte
            if byte == UInt8(ascii: "%"), let high = bytes.first?.hexadecimalValue,
                let low = bytes.dropFirst().first?.hexadecimalValue
            {
                decoded = high << 4 | low
                bytes = bytes.dropFirst(2)
            }
            guard wanted.popFirst() == decoded else { return false }
        }
        return wanted.isEmpty
    }

    static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte.isUnreserved {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(.hexadecimalDigit(byte >> 4, uppercase: true))
                bytes.append(.hexadecimalDigit(byte & 15, uppercase: true))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
