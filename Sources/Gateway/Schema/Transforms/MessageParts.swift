/// The parts of a request that a transform changes.
public struct RequestParts: Hashable, Sendable {
    /// Its path, without the query.
    public var path: String
    /// What comes after `?`, as it was sent; nil if there is no `?`.
    public var query: String?
    /// Its header fields.
    public var headers: Headers
    /// The fields of its body.
    public var fields: [BodyField]

    /// The parts of a request.
    public init(path: String, query: String? = nil, headers: Headers = Headers(), fields: [BodyField] = []) {
        self.path = path
        self.query = query
        self.headers = headers
        self.fields = fields
    }
}

/// The parts of a response that a transform changes.
public struct ResponseParts: Hashable, Sendable {
    /// Its status.
    public var status: Int
    /// Its header fields.
    public var headers: Headers
    /// The fields of its body.
    public var fields: [BodyField]

    /// The parts of a response.
    public init(status: Int, headers: Headers = Headers(), fields: [BodyField] = []) {
        self.status = status
        self.headers = headers
        self.fields = fields
    }
}
