public import EventSourcing

/// A sequence whose events are set aside, and how many of them there are.
public struct QuarantinedSequence: Hashable, Sendable {
    /// The sequence.
    public let sequence: SequenceKey
    /// Where the first of its events stands: the one to be replayed next.
    public internal(set) var head: Position
    /// How many there are.
    public internal(set) var letters: Int

    /// A sequence with some events; numbers outside 0 to 4 294 967 295 count as the nearest of these.
    public init(sequence: SequenceKey, head: Position, letters: Int) {
        self.sequence = sequence
        self.head = head
        self.letters = Int(UInt32(clamping: letters))
    }
}

/// Which sequences are set aside: what a run must know, while the events themselves are kept beside the read model.
struct Quarantine: Hashable, Sendable {
    struct Row: Hashable, Sendable {
        var sequence: QuarantinedSequence
        /// How many of its events may be replayed in one step; 0 if none is to be.
        var limit = 0
        /// Why its first event has failed again and is to be left out; nil if it is not.
        var skipping: EventFailure?
    }

    /// In ascending order of the keys.
    private(set) var rows: [Row] = []
    /// Events of all sequences.
    private(set) var letters = 0
    /// How many sequences are to be replayed.
    private var replaying = 0

    init() {}

    /// What was loaded; sequences that are being replayed go on being so.
    init(_ sequences: [QuarantinedSequence], goingOnWith former: Quarantine) {
        for sequence in sequences where sequence.letters > 0 && index(of: sequence.sequence) == nil {
            rows.insert(Row(sequence: sequence), at: insertionIndex(of: sequence.sequence))
            letters += sequence.letters
        }
        for row in former.rows where row.limit > 0 { replay(row.limit, of: row.sequence.sequence) }
    }

    subscript(sequence: SequenceKey) -> QuarantinedSequence? {
        index(of: sequence).map { rows[$0].sequence }
    }

    /// Sets an event aside, as the first of its sequence or behind others.
    mutating func add(_ position: Position, of sequence: SequenceKey) {
        letters += 1
        if let index = index(of: sequence) {
            rows[index].sequence.letters += 1
        } else {
            let first = QuarantinedSequence(sequence: sequence, head: position, letters: 1)
            rows.insert(Row(sequence: first), at: insertionIndex(of: sequence))
        }
    }

    /// Takes the first events of a sequence out; `next` is its first then, and without it the sequence is free.
    mutating func removeFirst(_ count: Int, of sequence: SequenceKey, next: Position?) {
        guard let index = index(of: sequence) else { return }
        let before = rows[index].sequence.letters
        rows[index].skipping = nil
        if let next {
            rows[index].sequence.head = next
            rows[index].sequence.letters = max(1, before - max(0, count))
            letters += rows[index].sequence.letters - before
        } else {
            letters -= before
            replaying -= rows[index].limit > 0 ? 1 : 0
            rows.remove(at: index)
        }
    }

    /// Has a sequence replayed, so many events in a step, or with 0 not any more; returns how many events it has.
    @discardableResult
    mutating func replay(_ limit: Int, of sequence: SequenceKey) -> Int {
        guard let index = index(of: sequence) else { return 0 }
        replaying += (limit > 0 ? 1 : 0) - (rows[index].limit > 0 ? 1 : 0)
        rows[index].limit = limit
        rows[index].skipping = nil
        return rows[index].sequence.letters
    }

    /// Has the first event of a sequence left out, and no other.
    mutating func skipHead(of sequence: SequenceKey, because failure: EventFailure) {
        replay(1, of: sequence)
        guard let index = index(of: sequence) else { return }
        rows[index].skipping = failure
    }

    mutating func replayAll(_ limit: Int) {
        for index in rows.indices {
            rows[index].limit = limit
            rows[index].skipping = nil
        }
        replaying = rows.count
    }

    /// The sequence to go on with.
    var nextToReplay: Row? { replaying == 0 ? nil : rows.first { $0.limit > 0 } }

    private func index(of sequence: SequenceKey) -> Int? {
        let place = insertionIndex(of: sequence)
        return place < rows.count && rows[place].sequence.sequence == sequence ? place : nil
    }

    private func insertionIndex(of sequence: SequenceKey) -> Int {
        var (low, high) = (0, rows.count)
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].sequence.sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
