public import Timeline

/// The fields that one backend gets with each request, its credentials among them.
public struct BackendHeaders: Hashable, Sendable {
    /// The fields; each takes the place of what the client sent under its name.
    public let fields: Headers
    /// Whether the client's `Authorization` is kept from this backend.
    public let dropsAuthorization: Bool

    /// None, and the client's `Authorization` is passed on.
    public static var none: BackendHeaders { BackendHeaders() }

    private init() {
        fields = Headers()
        dropsAuthorization = false
    }

    /// Checks the settings.
    /// - Parameters:
    ///   - fields: names and values; no names that concern the connection or frame the message.
    ///   - dropsAuthorization: whether the client's `Authorization` is kept from this backend; false by default.
    /// - Throws: a ``SettingError`` for a field that cannot be sent.
    public init(
        _ fields: [(name: String, value: String)], dropsAuthorization: Bool = false
    ) throws(SettingError) {
        var headers = Headers()
        for (name, value) in fields {
            do throws(RequestError) {
                let name = try HeaderName(name)
                guard !name.isFraming else { throw .malformedName }
                try headers.append(name, value)
            } catch {
                throw SettingError("fields", given: name, allowed: "fields for the request itself that can be sent")
            }
        }
        self.fields = headers
        self.dropsAuthorization = dropsAuthorization
    }

    /// Readies a copy of a request for this backend.
    public func apply(to headers: inout Headers) {
        if dropsAuthorization { headers.remove(.authorization) }
        headers.replaceAll(with: fields)
    }
}
