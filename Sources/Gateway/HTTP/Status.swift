/// How a request ended, by the number of its status (RFC 9110, section 15).
public struct Status: Hashable, Sendable {
    /// The number, usually 100 to 599; section 15 asks that others be taken for 5xx.
    public let code: Int

    /// The status of this number.
    @inlinable
    public init(_ code: Int) {
        self.code = code
    }

    /// Section 15.3.1.
    public static var ok: Status { Status(200) }
    /// Section 15.3.5.
    public static var noContent: Status { Status(204) }
    /// Section 15.3.7.
    public static var partialContent: Status { Status(206) }
    /// Section 15.4.5.
    public static var notModified: Status { Status(304) }
    /// Section 15.5.1.
    public static var badRequest: Status { Status(400) }
    /// Section 15.5.2.
    public static var unauthorized: Status { Status(401) }
    /// Section 15.5.4.
    public static var forbidden: Status { Status(403) }
    /// Section 15.5.5.
    public static var notFound: Status { Status(404) }
    /// Section 15.5.6.
    public static var methodNotAllowed: Status { Status(405) }
    /// Section 15.5.14.
    public static var contentTooLarge: Status { Status(413) }
    /// Section 15.5.15.
    public static var uriTooLong: Status { Status(414) }
    /// Section 15.5.21.
    public static var unprocessableContent: Status { Status(422) }
    /// RFC 6585, section 4.
    public static var tooManyRequests: Status { Status(429) }
    /// RFC 6585, section 5.
    public static var headerFieldsTooLarge: Status { Status(431) }
    /// Section 15.6.1.
    public static var internalServerError: Status { Status(500) }
    /// Section 15.6.3.
    public static var badGateway: Status { Status(502) }
    /// Section 15.6.4.
    public static var serviceUnavailable: Status { Status(503) }
    /// Section 15.6.5.
    public static var gatewayTimeout: Status { Status(504) }

    /// Whether the request was received, understood and accepted.
    @inlinable
    public var isSuccess: Bool { (200...299).contains(code) }

    /// Whether the one who asks is at fault.
    @inlinable
    public var isClientError: Bool { (400...499).contains(code) }

    /// Whether the one who answers is at fault; so is whoever answers with a number that is no status (section 15).
    @inlinable
    public var isServerError: Bool { !(100...499).contains(code) }

    /// Whether an answer with it never has a body (section 6.4.1).
    @inlinable
    public var hasNoBody: Bool { (100...199).contains(code) || code == 204 || code == 304 }

    /// What the number means, in the words of its RFC; empty for those that the gateway neither sends nor judges.
    public var phrase: String {
        switch code {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 203: "Non-Authoritative Information"
        case 204: "No Content"
        case 206: "Partial Content"
        case 300: "Multiple Choices"
        case 301: "Moved Permanently"
        case 302: "Found"
        case 303: "See Other"
        case 304: "Not Modified"
        case 307: "Temporary Redirect"
        case 308: "Permanent Redirect"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 406: "Not Acceptable"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 412: "Precondition Failed"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: ""
        }
    }
}

extension Status: CustomStringConvertible {
    /// `404 Not Found`; the number alone where there is no phrase.
    public var description: String { phrase.isEmpty ? "\(code)" : "\(code) \(phrase)" }
}
