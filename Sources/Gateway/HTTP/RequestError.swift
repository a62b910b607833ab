/// Why a request is refused before anything else looks at it.
public enum RequestError: Error, Hashable, Sendable {
    /// The fields are larger together than so many bytes.
    case headersTooLarge(most: Int)
    /// There are more than so many fields.
    case tooManyHeaders(most: Int)
    /// The name of a field is empty or no token.
    case malformedName
    /// The value of a field holds a line break, a NUL or another control character.
    case controlInValue(of: HeaderName, byte: UInt8)
    /// The value of a field is not UTF-8.
    case encodingOfValue(of: HeaderName)
    /// The target is longer than so many bytes.
    case targetTooLong(most: Int)
    /// The target is in a form that its method does not have: other than OPTIONS, it begins with a slash or a scheme of HTTP.
    case targetForm
    /// The target holds, encoded or not, a byte that it may not hold.
    case byteInTarget(UInt8)
    /// A percent sign in the path is not followed by two hexadecimal digits.
    case percentEncoding
    /// The path leads out of the root.
    case pathAboveRoot
    /// There is no host, more than one, or one that is no host.
    case malformedHost

    /// What to answer.
    public var status: Status {
        switch self {
        case .headersTooLarge, .tooManyHeaders: .headerFieldsTooLarge
        case .targetTooLong: .uriTooLong
        case .malformedName, .controlInValue, .encodingOfValue, .targetForm, .byteInTarget, .percentEncoding,
            .pathAboveRoot, .malformedHost:
            .badRequest
        }
    }
}

extension RequestError: CustomStringConvertible {
    /// One line with the section that says so.
    public var description: String {
        switch self {
        case .headersTooLarge(let most): "header fields of more than \(most) bytes (RFC 6585, section 5)"
        case .tooManyHeaders(let most): "more than \(most) header fields (RFC 6585, section 5)"
        case .malformedName: "a field name that is no token (RFC 9110, section 5.1)"
        case .controlInValue(let name, let byte):
            "the byte \(byte) in the value of \(name.text) (RFC 9110, section 5.5)"
        case .encodingOfValue(let name): "the value of \(name.text) is not UTF-8 (RFC 9110, section 5.5)"
        case .targetTooLong(let most): "a target of more than \(most) bytes (RFC 9110, section 15.5.15)"
        case .targetForm: "a target in a form that the method does not have (RFC 9112, section 3.2)"
        case .byteInTarget(let byte): "the byte \(byte) in the target (RFC 3986, section 3.3)"
        case .percentEncoding: "a percent sign without two hexadecimal digits (RFC 3986, section 2.1)"
        case .pathAboveRoot: "a path that leads out of the root (RFC 3986, section 5.2.4)"
        case .malformedHost: "not exactly one well-formed host (RFC 9112, section 3.2)"
        }
    }
}
