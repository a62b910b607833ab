internal import Simulation
internal import Timeline

/// The latest news of the journal, many of a kind in a row folded into one line each.
///
/// It reads on where it stopped, so that its cost does not grow with the journal.
struct EventFeed: Hashable, Sendable {
    /// Oldest first.
    private(set) var lines: [EventLine] = []
    /// The latest changes of state of each breaker, oldest first.
    private(set) var transitions: [Component: [StateChange]] = [:]
    /// The last entry read, to notice that time was turned back and went another way.
    private var lastRead: Mark?

    private struct Mark: Hashable {
        let id: EntryID
        let time: Instant
        let what: What
        let place: Component
        let request: UInt64

        init(_ entry: Entry) {
            (id, time, what, place, request) = (entry.id, entry.time, entry.what, entry.place, entry.request)
        }
    }

    private static let linesKept = 300
    private static let transitionsKept = 100
    /// How far back a row that goes on is looked for.
    private static let openRows = 40
    /// How many entries are read again when time was turned back.
    private static let entriesReread: UInt64 = 100_000

    /// Reads what the journal has got since the last time.
    mutating func follow(_ simulation: Simulation) {
        let (journal, plan, commands) = (simulation.journal, simulation.plan, simulation.commands)
        let faults = simulation.world.faultLog
        if !continues(journal) {
            lines.removeAll(keepingCapacity: true)
            transitions.removeAll(keepingCapacity: true)
            lastRead = nil
        }
        let end = journal.next.number
        let earliest = end - min(end, Self.entriesReread)
        var next = max(journal.oldest.number, earliest, (lastRead?.id.number ?? 0) + 1)
        var latest: Entry?
        while next < end {
            if let entry = journal[EntryID(next)] {
                if entry.what.isNews { add(entry, plan, faults, commands) }
                latest = entry
            }
            next += 1
        }
        if let latest { lastRead = Mark(latest) }
    }

    /// Whether the journal still goes on from what was read last.
    private func continues(_ journal: Journal) -> Bool {
        guard let lastRead else { return true }
        if lastRead.id < journal.oldest { return true }
        return journal[lastRead.id].map { Mark($0) == lastRead } ?? false
    }

    private mutating func add(_ entry: Entry, _ plan: Plan, _ faults: [Fault], _ commands: [TimedAction]) {
        if let change = StateChange(entry, plan) { keep(change, of: entry.place) }
        for index in lines.indices.suffix(Self.openRows).reversed() where lines[index].takeIn(entry) { return }
        if lines.count >= Self.linesKept * 2 { lines.removeFirst(Self.linesKept) }
        lines.append(EventLine(entry, text: entry.news(plan, faults, commands)))
    }

    private mutating func keep(_ change: StateChange, of place: Component) {
        if transitions[place, default: []].count >= Self.transitionsKept * 2 {
            transitions[place]?.removeFirst(Self.transitionsKept)
        }
        transitions[place, default: []].append(change)
    }
}
