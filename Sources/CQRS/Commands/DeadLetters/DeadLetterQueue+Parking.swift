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

    /// Takes a letter out, never to be handled here; false if it is not, or no longer, in the queue.
    ///
    /// The letters behind it stay: an operator decides when they are handled.
    public mutating func evict(_ letter: DeadLetter) -> Bool {
        guard let place = place(of: letter) else { return false }
        totals.evicted += 1
        remove(at: place, of: letter.sequence)
        return true
    }

    /// Takes out all letters of a sequence; returns them.
    public mutating func evictAll(of sequence: String) -> [DeadLetter] {
        let letters = letters(of: sequence)
        sequences[sequence] = nil
        count -= letters.count
        totals.evicted += letters.count
        return letters
    }

    /// Takes out all letters; returns how many there were.
    @discardableResult
    public mutating func evictAll() -> Int {
        let all = count
        sequences.removeAll()
        count = 0
        totals.evicted += all
        return all
    }

    /// Tells what is newly known about a letter, which keeps its place; false if it is not in the queue.
    public mutating func requeue(
        _ letter: DeadLetter, because cause: DeadLetter.Cause?, note: String = "", at now: Instant
    ) -> Bool {
        guard let place = place(of: letter) else { return false }
        update(place, of: letter.sequence, cause, note, at: now)
        return true
    }

    /// Takes out all letters of a sequence if none of them has ever failed: what they were held back by is gone, and
    /// they can be handled as if they had never been here. Empty if that is not so, or the first is being tried.
    public mutating func releaseHeldBack(of sequence: String, at now: Instant) -> [DeadLetter] {
        guard let parked = sequences[sequence], parked.letters.allSatisfy({ $0.cause == nil }),
            !isClaimed(sequence, at: now)
        else { return [] }
        sequences[sequence] = nil
        count -= parked.letters.count
        totals.released += parked.letters.count
        return Array(parked.letters)
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

    /// Where a letter stands among those of its sequence, which are in the order of their numbers.
    func place(of letter: DeadLetter) -> Int? {
        guard let letters = sequences[letter.sequence]?.letters else { return nil }
        var (low, high) = (letters.startIndex, letters.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if letters[middle].number < letter.number { low = middle + 1 } else { high = middle }
        }
        guard low < letters.endIndex, letters[low].number == letter.number, letters[low].id == letter.id else {
            return nil
        }
        return low
    }

    /// Takes out the letter at a place, and gives up a sequence without letters.
    mutating func remove(at place: Int, of sequence: String) {
        guard var parked = sequences.removeValue(forKey: sequence) else { return }
        if place == parked.letters.startIndex { parked.attempt = nil }
        let letter =
            place == parked.letters.startIndex ? parked.letters.removeFirst() : parked.letters.remove(at: place)
        parked.ids.remove(letter.id)
        count -= 1
        if !parked.letters.isEmpty { sequences[sequence] = parked }
    }

    mutating func update(
        _ place: Int, of sequence: String, _ cause: DeadLetter.Cause?, _ note: String, at now: Instant
    ) {
        sequences[sequence]?.letters[place].cause = cause
        sequences[sequence]?.letters[place].note = note
        sequences[sequence]?.letters[place].touchedAt = now
    }
}
