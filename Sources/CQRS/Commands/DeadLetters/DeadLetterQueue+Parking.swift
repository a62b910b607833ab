public import EventSourcing
public import Timeline

extension DeadLetterQueue {
    /// What came of parking something.
    public enum Parking: Hashable, Sendable {
        /// It is parked.
        case parked(DeadLetter)
        /// It had been parked before; this is the letter.
        case wasParked(DeadLetter)
        /// It could not be, and nothing has changed.
        case refused(Refusal)
    }

    /// Parks something that cannot be handled, at the end of its sequence.
    /// - Parameters:
    ///   - id: what it is.
    ///   - sequence: what it keeps its place in.
    ///   - cause: why it cannot be handled.
    ///   - attempts: how often it has been tried.
    ///   - note: more for whoever looks at it.
    ///   - reference: where its owner finds it.
    ///   - now: the time.
    public mutating func park(
        _ id: EventID, of sequence: String, because cause: DeadLetter.Cause, attempts: Int = 1, note: String = "",
        reference: Int64 = 0, at now: Instant
    ) -> Parking {
        add(id, of: sequence, reference, at: now) { letter in
            letter.cause = cause
            letter.attempts = min(max(0, attempts), Self.mostAttempts)
            letter.note = note
        }
    }

    /// Parks something if its sequence is parked, since it must not be handled before what came before it (Axon:
    /// `enqueueIfPresent`). Nil if its sequence is not parked.
    public mutating func parkBehind(
        _ id: EventID, of sequence: String, reference: Int64 = 0, at now: Instant
    ) -> Parking? {
        contains(sequence) ? add(id, of: sequence, reference, at: now) { _ in } : nil
    }

    /// Adds a letter that is completed by `change`.
    private mutating func add(
        _ id: EventID, of sequence: String, _ reference: Int64, at now: Instant, _ change: (inout DeadLetter) -> Void
    ) -> Parking {
        if let parked = sequences[sequence], parked.ids.contains(id),
            let letter = parked.letters.first(where: { $0.id == id })
        {
            return .wasParked(letter)
        }
        if let refusal = refusal(for: sequence) {
            totals.refused += 1
            return .refused(refusal)
        }
        lastNumber += 1
        var letter = DeadLetter(
            number: lastNumber, id: id, sequence: sequence, reference: reference, cause: nil, attempts: 0, note: "",
            parkedAt: now, touchedAt: now)
        change(&letter)
        sequences[sequence, default: Parked()].letters.append(letter)
        sequences[sequence]?.ids.insert(id)
        count += 1
        totals.parked += 1
        return .parked(letter)
    }

    /// A number that no count of attempts comes near to by itself.
    private static var mostAttempts: Int { 1 << 32 }
}
