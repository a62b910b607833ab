/// What a consistent hash places a request by: a header of its, else its path.
///
/// The guide's rule: the session if there is one, so that all its requests meet the same backend and what that
/// remembers of it; else the path, so that each backend sees a part of the paths and its cache need hold no more.
public struct HashKey: Hashable, Sendable {
    /// The header's name.
    public let header: HeaderName

    /// By this header, by default `X-Session-ID`.
    public init(header: HeaderName = .xSessionID) {
        self.header = header
    }

    /// The key of a request.
    public func key(of request: Request) -> String {
        key(value: request.headers[header], path: request.path.text)
    }

    /// The key of a request; an empty header counts as none.
    /// - Parameters:
    ///   - value: what the header says; nil if the request has none.
    ///   - path: the path of the request, without the query.
    public func key(value: String?, path: String) -> String {
        if let value, !value.isEmpty { return value }
        return path
    }
}
