/// How much a projection may set aside. A run that would have to set aside more stops: it neither loses an event nor
/// fills memory with them.
public struct QuarantineLimits: Hashable, Sendable {
    /// How many sequences.
    public let sequences: Int
    /// How many events of each.
    public let lettersEach: Int

    /// 1024 sequences of 1024 events, the default of Axon's `InMemorySequencedDeadLetterQueue`.
    public static let standard = QuarantineLimits(sequences: 1_024, lettersEach: 1_024)

    /// Limits; less than 0 sequences count as 0, and less than 1 event as 1.
    public init(sequences: Int, lettersEach: Int) {
        self.sequences = max(0, sequences)
        self.lettersEach = max(1, lettersEach)
    }
}
