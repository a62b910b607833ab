public import Timeline

/// What a gateway wants a body to be before it passes a request on; every value has been checked.
public struct BodyRules: Hashable, Sendable {
    /// How many bytes it has at most.
    public let mostBytes: Int
    /// Which media types it has, such as `application/json` or `text/*`, in lower case; empty for any.
    public let contentTypes: [String]
    /// Which fields it has; nil if nobody looks.
    public let schema: Schema?
    private let types: [[UInt8]]

    /// Checks the rules.
    /// - Parameters:
    ///   - mostBytes: 0 or more; by default 1 MiB, as nginx has it (`client_max_body_size`).
    ///   - contentTypes: up to 32, without parameters.
    /// - Throws: a ``SettingError`` for anything else.
    public init(
        mostBytes: Int = 1 << 20, contentTypes: [String] = [], schema: Schema? = nil
    ) throws(SettingError) {
        guard mostBytes >= 0 else { throw SettingError("mostBytes", given: mostBytes, allowed: "0 or more") }
        guard contentTypes.count <= 32 else {
            throw SettingError("contentTypes", given: contentTypes.count, allowed: "32 at most")
        }
        for type in contentTypes where !Self.isMediaType(type) {
            throw SettingError("content type", given: type, allowed: "such as application/json or text/*")
        }
        self.mostBytes = mostBytes
        self.contentTypes = contentTypes.map { $0.lowercased() }
        self.schema = schema
        types = self.contentTypes.map { Array($0.utf8) }
    }

    private static func isMediaType(_ text: String) -> Bool {
        let halves = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard halves.count == 2, !halves[0].contains(UInt8(ascii: "*")) else { return false }
        return halves.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isTokenCharacter) }
    }

    /// Why a body is refused before anybody reads it; nil if it is not.
    /// - Parameters:
    ///   - bytes: how many it has, or `Content-Length` says.
    ///   - contentType: the field's value; nil for none. A body without bytes needs none.
    public func refusal(bytes: Int, contentType: String?) -> BodyRefusal? {
        if bytes > mostBytes { return .tooLarge(bytes: bytes, most: mostBytes) }
        if bytes <= 0 || contentTypes.isEmpty { return nil }
        guard let contentType else { return .unsupportedType("nothing") }
        let isAllowed =
            contentType.utf8.withContiguousStorageIfAvailable(isAllowed)
            ?? Array(contentType.utf8).withUnsafeBufferPointer(isAllowed)
        return isAllowed ? nil : .unsupportedType(Violation.clip(contentType))
    }

    /// Why the fields of a body are refused; nil if they are not.
    public func refusal(of fields: [BodyField]) -> BodyRefusal? {
        guard let violations = schema?.violations(in: fields), !violations.isEmpty else { return nil }
        return .invalid(violations)
    }

    /// Types are the same in upper and lower case, and parameters make no difference (RFC 9110, section 8.3.1).
    private func isAllowed(_ given: UnsafeBufferPointer<UInt8>) -> Bool {
        var end = 0
        while end < given.count, given[end] != UInt8(ascii: ";") { end += 1 }
        while end > 0, given[end - 1].isBlank { end -= 1 }
        for type in types {
            let isWhole = type.last != UInt8(ascii: "*")
            let fixed = isWhole ? type.count : type.count - 1
            guard isWhole ? end == fixed : end > fixed else { continue }
            if (0..<fixed).allSatisfy({ given[$0].lowercased == type[$0] }) { return true }
        }
        return false
    }
}

/// Why a body is refused.
public enum BodyRefusal: Hashable, Sendable {
    /// Too many bytes.
    case tooLarge(bytes: Int, most: Int)
    /// Another media type, or none.
    case unsupportedType(String)
    /// The fields are not as the schema says: all that is wrong.
    case invalid([Violation])

    /// 413, 415 or 400 (RFC 9110, sections 15.5.14, 15.5.16 and 15.5.1).
    public var status: Int {
        switch self {
        case .tooLarge: 413
        case .unsupportedType: 415
        case .invalid: 400
        }
    }
}

extension BodyRefusal: CustomStringConvertible {
    /// What is wrong, in one line.
    public var description: String {
        switch self {
        case .tooLarge(let bytes, let most): "\(bytes) bytes; allowed: \(most) at most"
        case .unsupportedType(let type): "content type \(type)"
        case .invalid(let violations): violations.map(\.description).joined(separator: "; ")
        }
    }
}
