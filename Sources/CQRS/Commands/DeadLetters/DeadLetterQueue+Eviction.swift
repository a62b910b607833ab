public import Timeline

extension DeadLetterQueue {
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
