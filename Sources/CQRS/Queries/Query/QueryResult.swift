public import EventSourcing

/// What a read model answered, with what it takes to know when that is no longer so.
public struct QueryResult<Value: Sendable>: Sendable {
    /// The answer.
    public var value: Value
    /// What it depends on: `order:4711`, `customer:7`. When one of these changes, it must not be used again.
    public var tags: [String]
    /// Up to which event the read model had come; nil if it does not know.
    public var position: Position?
    /// The end of the page; nil if the answer has no pages.
    public var page: PageEnd?

    /// A result.
    public init(_ value: Value, tags: [String] = [], position: Position? = nil, page: PageEnd? = nil) {
        self.value = value
        self.tags = tags
        self.position = position
        self.page = page
    }
}

extension QueryResult: Equatable where Value: Equatable {}
