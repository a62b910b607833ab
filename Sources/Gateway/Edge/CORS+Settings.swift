public import Timeline

extension CORS {
    /// Whose pages may read answers.
    public enum Origins: Hashable, Sendable {
        /// Everybody's, without credentials.
        case any
        /// Those from these origins, such as `https://shop.example` or `http://localhost:3000`.
        case these([String])
    }

    /// What pages of other origins may do; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// Whose pages may read answers.
        public let origins: Origins
        /// With which methods; GET, HEAD and POST need no leave, and are always allowed.
        public let methods: [Method]
        /// With which fields, besides those that need no leave.
        public let headers: [HeaderName]
        /// Which fields of answers they may read, besides those that all may read.
        public let exposed: [HeaderName]
        /// How long a browser remembers what a preflight said; nil for as long as it likes.
        public let maxAge: Duration?
        /// Whether requests may come with cookies and the like.
        public let credentials: Bool

        /// Checks the settings.
        /// - Parameters:
        ///   - origins: a list without `null`, which is the origin of pages that hide theirs; each a scheme, `://`, a host in
        ///     lower case and a port unless it is the scheme's own.
        ///   - methods: all but OPTIONS by default.
        ///   - headers: `Content-Type` and `Authorization` by default.
        ///   - exposed: none by default.
        ///   - maxAge: 0 s or more, in whole seconds rounded down; an hour by default.
        ///   - credentials: false by default; needs a list of origins, since anybody's page would act as the user.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            origins: Origins,
            methods: [Method] = [.get, .head, .post, .put, .patch, .delete],
            headers: [HeaderName] = [.contentType, .authorization],
            exposed: [HeaderName] = [],
            maxAge: Duration? = .minutes(60),
            credentials: Bool = false
        ) throws(SettingError) {
            if case .these(let list) = origins {
                for origin in list where !Self.isOrigin(origin) {
                    throw SettingError("origins", given: origin, allowed: "such as https://shop.example")
                }
            } else if credentials {
                throw SettingError("credentials", given: credentials, allowed: "false where any origin is allowed")
            }
            if let maxAge, maxAge < .zero { throw SettingError("maxAge", given: maxAge, allowed: "0s or more") }
            self.origins = origins
            self.methods = methods
            self.headers = headers
            self.exposed = exposed
            self.maxAge = maxAge
            self.credentials = credentials
        }

        /// Whether a browser may send this as the origin of a page (HTML, section 7.1.1, and Fetch, section 3.2).
        private static func isOrigin(_ text: String) -> Bool {
            let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return false }
            if text.hasPrefix("https://") && text.hasSuffix(":443") { return false }
            if text.hasPrefix("http://") && text.hasSuffix(":80") { return false }
            let isScheme = parts[0].utf8.allSatisfy { ($0.isUnreserved || $0 == 0x2b) && $0 == $0.lowercased }
            let isHost = parts[1].utf8.allSatisfy {
                ($0.isUnreserved || $0 == 0x3a || $0 == 0x5b || $0 == 0x5d) && $0 == $0.lowercased
            }
            return isScheme && isHost
        }
    }
}
