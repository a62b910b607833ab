import EventSourcing
public import Timeline

/// Where commands or events go that cannot be handled, without any other of their sequence passing them by.
///
/// The first of a sequence that cannot be handled is parked, and with it the sequence: all its later ones are parked
/// behind it (``parkBehind(_:of:at:)``), while other sequences go on. An operator, or a processor, then takes sequences
/// up again: each from its first letter on, and up to the first that fails again, which stays where it is.
///
/// A letter leaves the queue only when it has been handled, or when somebody says that it should: whoever vanishes in
/// the middle of one has lost nothing.
///
/// Source: Axon Framework, `SequencedDeadLetterQueue`. Unlike there, a letter that is parked again is known, and a
/// letter that is requeued keeps its place even if it is not the first.
public struct DeadLetterQueue: Hashable, Sendable {
    /// How it is set.
    public let settings: Settings
    /// Everything counted since the start.
    public internal(set) var totals = Totals()
    /// How many letters there are.
    public internal(set) var count = 0

    var sequences: [String: Parked] = [:]
    var lastNumber: UInt64 = 0

    /// The letters of one sequence, in order.
    struct Parked: Hashable, Sendable {
        var letters: ArraySlice<DeadLetter> = []
        var ids: Set<EventID> = []
        /// The attempt at the first letter that is under way, or was given up.
        var attempt: Attempt?
    }

    /// Which attempt at a letter it is, and until when.
    struct Attempt: Hashable, Sendable {
        let turn: UInt64
        var until: Instant

        func stands(at now: Instant) -> Bool { now < until || until == .distantFuture }
    }

    /// An empty queue.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// How many sequences are parked.
    public var sequenceCount: Int { sequences.count }

    /// Whether a sequence is parked, so that its later ones must not be handled.
    public func contains(_ sequence: String) -> Bool { sequences[sequence] != nil }

    /// How many letters of a sequence there are.
    public func count(of sequence: String) -> Int { sequences[sequence]?.letters.count ?? 0 }

    /// The letters of a sequence, in order.
    public func letters(of sequence: String) -> [DeadLetter] { sequences[sequence].map { Array($0.letters) } ?? [] }

    /// The first letter of a sequence; nil if the sequence is not parked.
    public func firstLetter(of sequence: String) -> DeadLetter? { sequences[sequence]?.letters.first }

    /// The first letter of each sequence, the one that was touched longest ago first.
    public var firstLetters: [DeadLetter] {
        sequences.values.compactMap(\.letters.first).sorted {
            $0.touchedAt != $1.touchedAt ? $0.touchedAt < $1.touchedAt : $0.number < $1.number
        }
    }

    /// When the letter that has been here longest came; nil if there is none.
    public var oldestSince: Instant? { sequences.values.compactMap { $0.letters.first?.parkedAt }.min() }

    /// Why nothing more of a sequence can be parked; nil if something can.
    public func refusal(for sequence: String) -> Refusal? {
        guard let parked = sequences[sequence] else {
            return sequences.count < settings.sequences ? nil : .tooManySequences(settings.sequences)
        }
        return parked.letters.count < settings.sequenceLength
            ? nil : .sequenceTooLong(sequence, settings.sequenceLength)
    }
}
