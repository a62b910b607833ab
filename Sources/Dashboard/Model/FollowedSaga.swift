internal import Sagas
internal import Simulation
internal import Timeline

/// A saga that somebody looks at, with all that the journal has had to say about it since then: what it forgets
/// meanwhile is kept.
struct FollowedSaga: Sendable {
    /// The saga as it stands, or stood when it was seen last.
    private(set) var view: SagaView
    /// The same as a row of a list.
    private(set) var row: SagaRow
    /// Its journal entries, oldest first.
    private(set) var story: [Entry]
    /// When it was looked at last.
    private(set) var time: Instant
    /// The number of the next entry to read.
    private var next: UInt64

    private static let entriesKept = 4_000
    /// How far back the beginning is looked for.
    private static let entriesSearched: UInt64 = 100_000

    /// Begins to follow a saga; nil if nothing is known of it any more.
    init?(_ request: UInt64, row: SagaRow? = nil, _ world: World, _ journal: Journal) {
        guard let view = row.flatMap({ world.saga($0) }) ?? world.saga(ofRequest: request) else { return nil }
        self.view = view
        self.row = world.sagaRow(of: view)
        story = journal.story(of: request, from: view.startedAt, atMost: Self.entriesSearched)
        time = world.now
        next = journal.next.number
    }

    var request: UInt64 { view.request }

    /// Looks at it again; false if time was turned back, and all of it has to be read anew.
    mutating func follow(_ world: World, _ journal: Journal) -> Bool {
        guard world.now >= time, journal.next.number >= next else { return false }
        if let seen = world.saga(row) {
            view = seen
            row = world.sagaRow(of: seen)
        }
        while next < journal.next.number {
            if story.count < Self.entriesKept, let entry = journal[EntryID(next)], entry.request == request {
                story.append(entry)
            }
            next += 1
        }
        time = world.now
        return true
    }
}

extension Journal {
    /// The entries of a request from when it began, oldest first, as far as they are held.
    func story(of request: UInt64, from start: Instant, atMost count: UInt64) -> [Entry] {
        var found: [Entry] = []
        var number = next.number
        let first = max(oldest.number, number - min(number, count))
        while number > first {
            number -= 1
            guard let entry = self[EntryID(number)] else { continue }
            if entry.time < start { break }
            if entry.request == request { found.append(entry) }
        }
        return found.reversed()
    }
}
