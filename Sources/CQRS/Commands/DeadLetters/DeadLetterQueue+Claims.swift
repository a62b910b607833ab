public import Timeline

extension DeadLetterQueue {
    /// Leave to try one letter, the first of its sequence; nobody else gets it until the attempt is over.
    public struct Claim: Hashable, Sendable {
        /// The letter.
        public let letter: DeadLetter
        /// When the attempt counts as given up.
        public let until: Instant
        /// The last letter of the sequence that is to be tried, by its number.
        public let lastNumber: UInt64
        let turn: UInt64
    }

    /// How an attempt at a letter went.
    public enum Result: Hashable, Sendable {
        /// It was handled: it leaves the queue.
        case handled
        /// It failed again: it stays where it is.
        case failed(DeadLetter.Cause, note: String = "")
    }

    /// Begins an attempt at the first letter of a sequence; nil if there is none, or an attempt is under way.
    public mutating func claim(_ sequence: String, at now: Instant) -> Claim? {
        claim(sequence, upTo: .max, at: now)
    }

    /// Begins an attempt at the first letter of some sequence whose first letter is wanted, the one that was touched
    /// longest ago; nil if there is none without an attempt under way. The cost grows with the sequences.
    public mutating func claim(at now: Instant, where isWanted: (DeadLetter) -> Bool = { _ in true }) -> Claim? {
        let free = firstLetters.first { !isClaimed($0.sequence, at: now) && isWanted($0) }
        return free.flatMap { claim($0.sequence, at: now) }
    }

    /// Ends an attempt. False if it counts as given up, or if the letter was taken out meanwhile: then nothing changes.
    public mutating func finish(_ claim: Claim, _ result: Result, at now: Instant) -> Bool {
        guard holds(claim, at: now), let place = place(of: claim.letter) else { return false }
        let sequence = claim.letter.sequence
        switch result {
        case .handled:
            totals.handled += 1
            remove(at: place, of: sequence)
        case .failed(let cause, let note):
            totals.failed += 1
            sequences[sequence]?.attempt = nil
            sequences[sequence]?.letters[place].attempts += 1
            update(place, of: sequence, cause, note, at: now)
        }
        return true
    }

    /// Ends an attempt that was not made; the letter stays as it is. False as in ``finish(_:_:at:)``.
    public mutating func abandon(_ claim: Claim, at now: Instant) -> Bool {
        guard holds(claim, at: now) else { return false }
        sequences[claim.letter.sequence]?.attempt = nil
        return true
    }

    /// A word from whoever needs longer: the time for the attempt begins anew. Returns its new end, nil if it was over.
    public mutating func extend(_ claim: Claim, at now: Instant) -> Instant? {
        guard holds(claim, at: now) else { return nil }
        let until = now + settings.attemptTime
        sequences[claim.letter.sequence]?.attempt?.until = until
        return until
    }

    /// Whether an attempt still counts.
    public func holds(_ claim: Claim, at now: Instant) -> Bool {
        guard let attempt = sequences[claim.letter.sequence]?.attempt else { return false }
        return attempt.turn == claim.turn && attempt.stands(at: now)
    }

    /// Whether an attempt at the first letter of a sequence is under way.
    public func isClaimed(_ sequence: String, at now: Instant) -> Bool {
        sequences[sequence]?.attempt?.stands(at: now) ?? false
    }

    mutating func claim(_ sequence: String, upTo lastNumber: UInt64, at now: Instant) -> Claim? {
        guard let letter = sequences[sequence]?.letters.first, !isClaimed(sequence, at: now) else { return nil }
        totals.attempts += 1
        let turn = UInt64(totals.attempts)
        let until = now + settings.attemptTime
        sequences[sequence]?.attempt = Attempt(turn: turn, until: until)
        return Claim(letter: letter, until: until, lastNumber: lastNumber, turn: turn)
    }
}
