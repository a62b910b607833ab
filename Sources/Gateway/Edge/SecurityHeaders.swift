public import Timeline

/// Adds the fields that tell browsers to be careful with an answer.
///
/// What a backend says itself stays, as it knows its pages better; so no field is there twice. But for
/// `Strict-Transport-Security`, which is for answers over https alone (RFC 6797, section 7.2): over http it is dropped,
/// whoever set it.
public struct SecurityHeaders: Hashable, Sendable {
    /// What may show a page in a frame.
    public enum Frames: String, Hashable, Sendable {
        /// Nobody.
        case none = "DENY"
        /// Pages of the same origin.
        case sameOrigin = "SAMEORIGIN"
    }

    private let plain: Headers
    private let secure: Headers

    /// Checks the settings.
    /// - Parameters:
    ///   - frames: `X-Frame-Options`; nil for none.
    ///   - referrerPolicy: `Referrer-Policy`; nil for none.
    ///   - contentSecurityPolicy: `Content-Security-Policy`; nil, the default, for none.
    ///   - permissionsPolicy: `Permissions-Policy`; nil, the default, for none.
    ///   - strictTransport: for how long a browser uses https alone, in whole seconds rounded down; 0 s or more, 365 days by
    ///     default, nil for `Strict-Transport-Security` not to be sent.
    ///   - includesSubdomains: whether that goes for all hosts below this one; true by default.
    /// - Throws: a ``SettingError`` that names the first setting that cannot be sent.
    public init(
        frames: Frames? = Frames.none,
        referrerPolicy: String? = "strict-origin-when-cross-origin",
        contentSecurityPolicy: String? = nil,
        permissionsPolicy: String? = nil,
        strictTransport: Duration? = .minutes(365 * 24 * 60),
        includesSubdomains: Bool = true
    ) throws(SettingError) {
        var fields = Headers()
        fields.add(.xContentTypeOptions, checked: "nosniff")
        // Filters of scripts are gone from browsers, and where they are not, pages are safer without.
        fields.add(.xXSSProtection, checked: "0")
        if let frames { fields.add(.xFrameOptions, checked: frames.rawValue) }
        let policies: [(String, HeaderName, String?)] = [
            ("referrerPolicy", .referrerPolicy, referrerPolicy),
            ("contentSecurityPolicy", .contentSecurityPolicy, contentSecurityPolicy),
            ("permissionsPolicy", .permissionsPolicy, permissionsPolicy),
        ]
        for case (let setting, let name, let policy?) in policies {
            do { try fields.append(name, policy) } catch {
                throw SettingError(setting, given: policy, allowed: "what a field may hold")
            }
        }
        plain = fields
        if let strictTransport {
            guard strictTransport >= .zero else {
                throw SettingError("strictTransport", given: strictTransport, allowed: "0s or more")
            }
            let seconds = strictTransport.nanoseconds / 1_000_000_000
            fields.add(
                .strictTransportSecurity,
                checked: "max-age=\(seconds)\(includesSubdomains ? "; includeSubDomains" : "")")
        }
        secure = fields
    }

    /// Adds them to a response to a request that came so.
    public func decorate(_ response: inout Headers, over scheme: Scheme) {
        switch scheme {
        case .https: response.addMissing(from: secure)
        case .http:
            response.remove(.strictTransportSecurity)
            response.addMissing(from: plain)
        }
    }
}
