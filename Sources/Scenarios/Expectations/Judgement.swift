public import Timeline

/// How an expectation stands.
public struct Judgement: Hashable, Sendable {
    /// What is expected, and when.
    public let expectation: Expectation
    /// The verdict; nil while there is none yet.
    public internal(set) var verdict: Verdict?
    /// What was measured when it was decided, or at the end of its interval.
    public internal(set) var observed: String?
    /// Why nothing can be said, or what went wrong.
    public internal(set) var reason: String?
    /// When it first held in its interval; nil for what shall hold throughout.
    public internal(set) var firstHeld: Instant?
    /// When it was first violated; for something that should have come about, the end of its interval.
    public internal(set) var firstViolated: Instant?

    init(_ expectation: Expectation) {
        self.expectation = expectation
    }

    /// The predicate in its canonical text.
    public var expected: String { "\(expectation.predicate)" }
}
