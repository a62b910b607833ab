import CQRS
public import EventSourcing
import Timeline

extension Position: ExpressibleByIntegerLiteral {
    /// The position of a number.
    public init(integerLiteral value: Int64) { self.init(value) }
}

extension RandomStream {
    /// A stream for a test that does not care.
    static var any: RandomStream { RandomStream(seed: 1, name: "test", purpose: "any") }
}
