/// Which events lead to which, by policies and timeouts: a graph of at most 32 nodes, a bit for each.
///
/// The names of the choreography must have been checked; one that does not exist counts as the first event.
struct EventMap {
    /// The event that each policy is on.
    private(set) var causes: [Int] = []
    /// The events that answer each policy.
    private(set) var answers: [UInt32] = []
    /// The events that follow at once from each event, by policies or timeouts; none from one that ends the flow.
    private(set) var successors: [UInt32]
    private let events: [Choreography.EventType]

    init(events: [Choreography.EventType], policies: [Choreography.Policy], timeouts: [Choreography.Timeout]) {
        self.events = events
        successors = [UInt32](repeating: 0, count: max(1, events.count))
        causes = policies.map { number(of: $0.event) }
        answers = policies.map { bits(of: $0.answers) }
        for policy in policies.indices { lead(from: causes[policy], to: answers[policy]) }
        for timeout in timeouts { lead(from: number(of: timeout.event), to: bits(of: [timeout.consequence])) }
    }

    func number(of name: String) -> Int {
        events.firstIndex { $0.name == name } ?? 0
    }

    func bits(of names: [String]) -> UInt32 {
        names.reduce(0) { $0 | 1 << UInt32(number(of: $1)) }
    }

    func isEnding(_ event: Int) -> Bool {
        switch events[event].kind {
        case .endsWell, .endsBadly: true
        case .start, .outside, .step, .note: false
        }
    }

    /// These events and all that can follow from them.
    func reach(from start: UInt32) -> UInt32 {
        var reached = start
        while true {
            let next = successors.indices.reduce(reached) {
                reached & 1 << UInt32($1) != 0 ? $0 | successors[$1] : $0
            }
            if next == reached { return reached }
            reached = next
        }
    }

    /// The names of events that lead from one to the next and in the end back to the first; nil if there are none.
    ///
    /// It is the shortest such way for the first event, in the order of the definition, that leads to itself.
    var cycle: [String]? {
        for event in events.indices where reach(from: successors[event]) & 1 << UInt32(event) != 0 {
            return way(from: event).map { events[$0].name }
        }
        return nil
    }

    /// The shortest way from an event back to itself, which there must be.
    private func way(from start: Int) -> [Int] {
        var ways = [[start]]
        var seen: UInt32 = 0
        while !ways.isEmpty {
            let way = ways.removeFirst()
            for next in events.indices where successors[way[way.count - 1]] & 1 << UInt32(next) != 0 {
                if next == start { return way + [start] }
                if seen & 1 << UInt32(next) == 0 { ways.append(way + [next]) }
                seen |= 1 << UInt32(next)
            }
        }
        return [start, start]
    }

    private mutating func lead(from event: Int, to next: UInt32) {
        if !events.isEmpty, !isEnding(event) { successors[event] |= next }
    }
}
