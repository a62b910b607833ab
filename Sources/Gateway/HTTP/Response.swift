public import Timeline

/// What a request is answered with.
public struct Response: Hashable, Sendable {
    /// How it ended.
    public var status: Status
    /// The fields.
    public var headers: Headers
    /// How long the body is in bytes, as it is sent.
    public var bodySize: Int
    /// How long ago its maker made it; zero for an answer that comes from its maker.
    public var age: Duration

    /// A response.
    public init(_ status: Status, headers: Headers = Headers(), bodySize: Int = 0, age: Duration = .zero) {
        self.status = status
        self.headers = headers
        self.bodySize = bodySize
        self.age = age
    }
}
