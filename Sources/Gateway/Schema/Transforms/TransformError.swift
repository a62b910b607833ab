/// Why a transform cannot be applied to a message.
public enum TransformError: Error, Hashable, Sendable {
    /// The path does not begin with this prefix.
    case noPrefix(String)
    /// The route has no parameter of this name.
    case noParameter(String)
    /// The parameter of this name would lead out of the path that it is put into: `.` or `..` (RFC 3986, section 3.3).
    case dotSegment(String)
    /// A field cannot be given this name: there is one.
    case fieldTaken(String)
    /// What has become of the path is none.
    case path(RequestError)
}

extension TransformError: CustomStringConvertible {
    /// What is wrong, in one line.
    public var description: String {
        switch self {
        case .noPrefix(let prefix): "the path does not begin with \(prefix)"
        case .noParameter(let name): "no parameter \(name)"
        case .dotSegment(let name): "parameter \(name) is . or .."
        case .path(let error): "path: \(error)"
        case .fieldTaken(let name): "there is a field \(Violation.clip(name)) already"
        }
    }
}
