internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

// How flows of choreographies are put into words.

extension FlowStanding {
    /// A sign and a word for lists.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        switch self {
        case .running: Badge(sign: marks.play, word: "RUN", role: .active)
        case .compensating: Badge(sign: marks.undo, word: "UNDO", role: .undo)
        case .orphaned: Badge(sign: marks.warning, word: "ORPHAN", role: .bad)
        case .parked: Badge(sign: marks.warning, word: "PARKED", role: .bad)
        case .completed: Badge(sign: marks.check, word: "DONE", role: .good)
        case .compensated: Badge(sign: marks.circle, word: "UNDONE", role: .undo)
        case .closed: Badge(sign: marks.cross, word: "CLOSED", role: .bad)
        }
    }
}

extension FlowView {
    /// The policies whose answer it waits for, by name.
    func awaited(_ plan: ChoreographyPlan) -> [String] {
        flow.unfinished(under: plan.choreography).policies.map { plan.reactions[$0].name }
    }

    /// The type of the event that was published last.
    func lastEvent(_ plan: ChoreographyPlan) -> String {
        records.last { $0.outcome != .duplicate && $0.outcome != .refused }
            .map { plan.choreography.events[$0.event.type].name } ?? "-"
    }

    /// How many events did not reach a subscriber, or were more than it could deal with.
    var lapses: Int { records.count { $0.outcome == .lost || $0.outcome == .deadLetter } }
}

extension FlowHistory.Mark {
    /// How a message looks.
    var role: Role {
        switch self {
        case .outcome(.taken): .text
        case .outcome(.timeout): .warning
        case .outcome(.duplicate): .faint
        case .outcome(.lost), .outcome(.deadLetter), .causeMissing: .bad
        case .outcome(.refused): .warning
        }
    }
}

extension Glyphs {
    /// What a sequence diagram is drawn with.
    var sequenceSigns: SequenceDiagram.Signs { self == .ascii ? .ascii : .unicode }
}
