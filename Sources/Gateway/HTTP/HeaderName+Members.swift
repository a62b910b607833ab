// The names that the gateway itself looks at or writes. Their codes are the bits of `Headers.present`, so there are at
// most 63.
extension HeaderName {
    /// RFC 9110, section 12.5.1.
    public static var accept: HeaderName { .init(1, "accept") }
    /// RFC 9110, section 12.5.3.
    public static var acceptEncoding: HeaderName { .init(2, "accept-encoding") }
    /// RFC 9110, section 12.5.4.
    public static var acceptLanguage: HeaderName { .init(3, "accept-language") }
    /// RFC 9110, section 14.3.
    public static var acceptRanges: HeaderName { .init(4, "accept-ranges") }
    /// RFC 9110, section 11.6.2.
    public static var authorization: HeaderName { .init(5, "authorization") }
    /// RFC 9110, section 7.6.1.
    public static var connection: HeaderName { .init(6, "connection") }
    /// RFC 9110, section 8.4.
    public static var contentEncoding: HeaderName { .init(7, "content-encoding") }
    /// RFC 9110, section 8.6.
    public static var contentLength: HeaderName { .init(8, "content-length") }
    /// RFC 9110, section 14.4.
    public static var contentRange: HeaderName { .init(9, "content-range") }
    /// RFC 9110, section 8.3.
    public static var contentType: HeaderName { .init(10, "content-type") }
    /// RFC 9110, section 6.6.1.
    public static var date: HeaderName { .init(11, "date") }
    /// RFC 9110, section 8.8.3.
    public static var eTag: HeaderName { .init(12, "etag") }
    /// RFC 9110, section 7.2.
    public static var host: HeaderName { .init(13, "host") }
    /// RFC 9110, section 13.1.2.
    public static var ifNoneMatch: HeaderName { .init(14, "if-none-match") }
    /// RFC 9110, section 8.8.2.
    public static var lastModified: HeaderName { .init(15, "last-modified") }
    /// RFC 9110, section 10.2.2.
    public static var location: HeaderName { .init(16, "location") }
    /// RFC 9110, section 11.7.1.
    public static var proxyAuthenticate: HeaderName { .init(17, "proxy-authenticate") }
    /// RFC 9110, section 11.7.2.
    public static var proxyAuthorization: HeaderName { .init(18, "proxy-authorization") }
    /// RFC 9110, section 14.2.
    public static var range: HeaderName { .init(19, "range") }
    /// RFC 9110, section 10.2.3.
    public static var retryAfter: HeaderName { .init(20, "retry-after") }
    /// RFC 9110, section 10.2.4.
    public static var server: HeaderName { .init(21, "server") }
    /// RFC 9110, section 10.1.4.
    public static var te: HeaderName { .init(22, "te") }
    /// RFC 9110, section 6.6.2.
    public static var trailer: HeaderName { .init(23, "trailer") }
    /// RFC 9110, section 7.8.
    public static var upgrade: HeaderName { .init(24, "upgrade") }
    /// RFC 9110, section 10.1.5.
    public static var userAgent: HeaderName { .init(25, "user-agent") }
    /// RFC 9110, section 12.5.5.
    public static var vary: HeaderName { .init(26, "vary") }
    /// RFC 9110, section 7.6.3.
    public static var via: HeaderName { .init(27, "via") }
    /// RFC 9110, section 11.6.1.
    public static var wwwAuthenticate: HeaderName { .init(28, "www-authenticate") }
    /// RFC 9110, section 7.6.1.
    public static var keepAlive: HeaderName { .init(29, "keep-alive") }
    /// RFC 9110, section 7.6.1.
    public static var proxyConnection: HeaderName { .init(30, "proxy-connection") }
    /// RFC 9111, section 5.1.
    public static var age: HeaderName { .init(31, "age") }
    /// RFC 9111, section 5.2.
    public static var cacheControl: HeaderName { .init(32, "cache-control") }
    /// RFC 9111, section 5.3.
    public static var expires: HeaderName { .init(33, "expires") }
    /// RFC 9111, section 5.4.
    public static var pragma: HeaderName { .init(34, "pragma") }
    /// RFC 9112, section 6.1.
    public static var transferEncoding: HeaderName { .init(35, "transfer-encoding") }
    /// RFC 6265, section 5.4.
    public static var cookie: HeaderName { .init(36, "cookie") }
    /// RFC 6265, section 5.2.
    public static var setCookie: HeaderName { .init(37, "set-cookie") }
    /// RFC 6454, section 7.
    public static var origin: HeaderName { .init(38, "origin") }
    /// RFC 6797, section 6.1.
    public static var strictTransportSecurity: HeaderName { .init(39, "strict-transport-security") }
    /// RFC 7239, section 4.
    public static var forwarded: HeaderName { .init(40, "forwarded") }
    /// The Fetch standard, section 3.
    public static var accessControlAllowCredentials: HeaderName { .init(41, "access-control-allow-credentials") }
    /// The Fetch standard, section 3.
    public static var accessControlAllowHeaders: HeaderName { .init(42, "access-control-allow-headers") }
    /// The Fetch standard, section 3.
    public static var accessControlAllowMethods: HeaderName { .init(43, "access-control-allow-methods") }
    /// The Fetch standard, section 3.
    public static var accessControlAllowOrigin: HeaderName { .init(44, "access-control-allow-origin") }
    /// The Fetch standard, section 3.
    public static var accessControlExposeHeaders: HeaderName { .init(45, "access-control-expose-headers") }
    /// The Fetch standard, section 3.
    public static var accessControlMaxAge: HeaderName { .init(46, "access-control-max-age") }
    /// The Fetch standard, section 3.
    public static var accessControlRequestHeaders: HeaderName { .init(47, "access-control-request-headers") }
    /// The Fetch standard, section 3.
    public static var accessControlRequestMethod: HeaderName { .init(48, "access-control-request-method") }
    /// The Fetch standard, section 3.
    public static var xContentTypeOptions: HeaderName { .init(49, "x-content-type-options") }
    /// Content Security Policy, section 3.1.
    public static var contentSecurityPolicy: HeaderName { .init(50, "content-security-policy") }
    /// Permissions Policy, section 5.1.
    public static var permissionsPolicy: HeaderName { .init(51, "permissions-policy") }
    /// Referrer Policy, section 4.1.
    public static var referrerPolicy: HeaderName { .init(52, "referrer-policy") }
    /// HTML, section 7.7.
    public static var xFrameOptions: HeaderName { .init(53, "x-frame-options") }
    /// No standard; of browsers that had a filter.
    public static var xXSSProtection: HeaderName { .init(54, "x-xss-protection") }
    /// W3C Trace Context, section 3.2.
    public static var traceparent: HeaderName { .init(55, "traceparent") }
    /// W3C Trace Context, section 3.3.
    public static var tracestate: HeaderName { .init(56, "tracestate") }
    /// By habit: the key of a program that calls.
    public static var xAPIKey: HeaderName { .init(57, "x-api-key") }
    /// By habit: the addresses of the client and of the proxies so far.
    public static var xForwardedFor: HeaderName { .init(58, "x-forwarded-for") }
    /// By habit: the host that the client asked for.
    public static var xForwardedHost: HeaderName { .init(59, "x-forwarded-host") }
    /// By habit: the scheme that the client used.
    public static var xForwardedProto: HeaderName { .init(60, "x-forwarded-proto") }
    /// By habit: the name of a request in all logs.
    public static var xRequestID: HeaderName { .init(61, "x-request-id") }
    /// By habit: the session that consistent hashing goes by.
    public static var xSessionID: HeaderName { .init(62, "x-session-id") }
    /// By habit: the customer on whose account a request goes.
    public static var xTenantID: HeaderName { .init(63, "x-tenant-id") }

    /// Those with a member, by code; nobody's at zero.
    static let withMembers: [HeaderName] = [
        HeaderName(0, ""),
        .accept, .acceptEncoding, .acceptLanguage, .acceptRanges, .authorization, .connection, .contentEncoding,
        .contentLength, .contentRange, .contentType, .date, .eTag, .host, .ifNoneMatch, .lastModified, .location,
        .proxyAuthenticate, .proxyAuthorization, .range, .retryAfter, .server, .te, .trailer, .upgrade, .userAgent,
        .vary, .via, .wwwAuthenticate, .keepAlive, .proxyConnection, .age, .cacheControl, .expires, .pragma,
        .transferEncoding, .cookie, .setCookie, .origin, .strictTransportSecurity, .forwarded,
        .accessControlAllowCredentials, .accessControlAllowHeaders, .accessControlAllowMethods,
        .accessControlAllowOrigin, .accessControlExposeHeaders, .accessControlMaxAge, .accessControlRequestHeaders,
        .accessControlRequestMethod, .xContentTypeOptions, .contentSecurityPolicy, .permissionsPolicy,
        .referrerPolicy, .xFrameOptions, .xXSSProtection, .traceparent, .tracestate, .xAPIKey, .xForwardedFor,
        .xForwardedHost, .xForwardedProto, .xRequestID, .xSessionID, .xTenantID,
    ]
}
