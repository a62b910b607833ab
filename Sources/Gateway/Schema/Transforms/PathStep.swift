internal import Timeline

/// A change of a path.
public enum PathStep: Hashable, Sendable {
    /// Without this prefix of whole segments: without `/api`, `/api/orders` is `/orders`, and `/api` is `/`.
    case strip(String)
    /// With this prefix.
    case add(String)
    /// This path, with the parameters of the route in the place of its own: `/v2/{id}/*`.
    case rewrite(PathPattern)

    func check() throws(SettingError) {
        switch self {
        case .strip(let prefix), .add(let prefix):
            let pattern = try PathPattern(prefix)
            guard pattern.parameterNames.isEmpty, pattern.segments.last != .literal("") else {
                throw SettingError("prefix", given: prefix, allowed: "a path without parameters and / at its end")
            }
        case .rewrite: break
        }
    }

    /// The parameters that it needs.
    var parameterNames: [String] {
        if case .rewrite(let pattern) = self { pattern.parameterNames } else { [] }
    }

    func apply(to path: inout String, _ arguments: PathArguments?) throws(TransformError) {
        switch self {
        case .strip(let prefix): path = try Self.strip(prefix, from: path)
        case .add(let prefix): path = prefix + path
        case .rewrite(let pattern): path = try Self.fill(pattern, arguments)
        }
    }

    private static func strip(_ prefix: String, from path: String) throws(TransformError) -> String {
        guard path.utf8.starts(with: prefix.utf8) else { throw .noPrefix(prefix) }
        let rest = path.bytes(prefix.utf8.count..<path.utf8.count)
        guard rest.isEmpty || rest.utf8.first == UInt8(ascii: "/") else { throw .noPrefix(prefix) }
        return rest.isEmpty ? "/" : String(rest)
    }

    private static func fill(_ pattern: PathPattern, _ arguments: PathArguments?) throws(TransformError) -> String {
        var path = ""
        path.reserveCapacity(64)
        for segment in pattern.segments {
            path += "/"
            if case .literal(let text) = segment { path += text }
            guard let name = segment.name else { continue }
            guard let text = arguments?[name] else { throw .noParameter(name) }
            if hasDots(text) { throw .dotSegment(name) }
            path += text
        }
        return path
    }

    /// Whether any segment is `.` or `..`.
    private static func hasDots(_ text: Substring) -> Bool {
        var (dots, others) = (0, 0)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "."): dots += 1
            case UInt8(ascii: "/"):
                if others == 0, dots == 1 || dots == 2 { return true }
                (dots, others) = (0, 0)
            default: others += 1
            }
        }
        return others == 0 && (dots == 1 || dots == 2)
    }
}
