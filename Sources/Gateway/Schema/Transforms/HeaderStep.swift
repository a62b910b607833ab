internal import Timeline

/// A change of header fields.
public enum HeaderStep: Hashable, Sendable {
    /// One field of this name with this value, in the place of the first one if there are any.
    case set(HeaderName, String)
    /// One field more, after all others.
    case add(HeaderName, String)
    /// Without any field of this name.
    case remove(HeaderName)
    /// With another name for all of this name; the order stays.
    case rename(HeaderName, to: HeaderName)

    func check() throws(SettingError) {
        for name in names where name.isFraming {
            throw SettingError("header", given: name.text, allowed: "none of framing or of one connection")
        }
        guard let value else { return }
        guard Headers.isValue(value, of: names[0]) else {
            let allowed = "no control characters, and no blanks around (RFC 9110, section 5.5)"
            throw SettingError("header value", given: Violation.clip(value), allowed: allowed)
        }
    }

    private var names: [HeaderName] {
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

    func apply(to headers: inout Headers) {
        switch self {
        case .set(let name, let value): headers.replace(name, withChecked: value)
        case .add(let name, let value): headers.add(name, checked: value)
        case .remove(let name): headers.remove(name)
        case .rename(let name, let other): if headers.contains(name) { headers.rename(name, to: other) }
        }
    }
}
