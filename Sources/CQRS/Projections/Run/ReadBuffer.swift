import EventSourcing
import Timeline

/// Events that were read and are not settled, in order.
struct ReadBuffer: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        let position: Position
        let sequence: SequenceKey
        let recordedAt: Instant
        /// When it came to the run.
        let arrivedAt: Instant
    }

    private var entries: [Entry] = []
    private var start = 0

    var count: Int { entries.count - start }
    var isEmpty: Bool { count == 0 }
    var first: Entry? { isEmpty ? nil : entries[start] }

    /// The n-th entry, from 0.
    subscript(index: Int) -> Entry { entries[start + index] }

    mutating func append(_ mark: EventMark, at now: Instant) {
        entries.append(
            Entry(
                position: mark.position, sequence: mark.sequence, recordedAt: mark.recordedAt, arrivedAt: now))
    }

    mutating func removeFirst(_ count: Int) {
        start += count
        // Moved down only once it pays: each entry is moved at most once for each one that has left.
        guard start > entries.count / 2 else { return }
        entries.removeFirst(start)
        start = 0
    }
}
