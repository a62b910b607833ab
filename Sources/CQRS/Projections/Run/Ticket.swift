/// What tells one question of a run from all others, so that an answer that comes late, twice, or to an earlier life of
/// the run is known as such.
public struct Ticket: Hashable, Sendable {
    /// In which life of the run it was asked; see ``ProjectionRun/start(at:)``.
    public let generation: UInt32
    /// The question's number.
    public let number: UInt32

    /// A question of a life.
    public init(generation: UInt32, number: UInt32) {
        self.generation = generation
        self.number = number
    }
}
