internal import Simulation
internal import Timeline

/// One change of a breaker's state, as the journal has it.
struct StateChange: Hashable, Sendable {
    let id: EntryID
    let time: Instant
    /// What it became; nil where somebody held it or let it go, of which the journal has no more than that.
    let state: BreakerStrip.State?
    /// Why, in words and numbers.
    let text: String
}

extension StateChange {
    /// The change that an entry tells of; nil if it tells of something else.
    init?(_ entry: Entry, _ plan: Plan) {
        switch entry.what {
        case .opened: state = .open
        case .halfOpened: state = .halfOpen
        case .closed: state = .closed
        case .forced: state = nil
        default: return nil
        }
        (id, time) = (entry.id, entry.time)
        let name = entry.place.name(plan)
        text = String(entry.text(plan).dropFirst(name.count + 2))
    }
}
