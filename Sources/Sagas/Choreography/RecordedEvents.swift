internal import Timeline

/// Records sorted by event, and events by their causes.
struct RecordedEvents {
    typealias Record = FlowHistory.Record
    typealias Origin = FlowHistory.Origin

    let records: [Record]
    /// Events in order of their first record.
    private(set) var events: [Event] = []
    /// Looked up only: its order is never seen.
    private var places: [UInt64: Int] = [:]

    struct Event {
        let id: UInt64
        var cause: UInt64?
        var records: [Int]
        var effects: [Int] = []
    }

    /// Records in order of time.
    init(_ records: [Record]) {
        self.records = records
        for (index, record) in records.enumerated() {
            if let place = places[record.id] {
                events[place].records.append(index)
                events[place].cause = events[place].cause ?? record.cause
            } else {
                places[record.id] = events.count
                events.append(Event(id: record.id, cause: record.cause, records: [index]))
            }
        }
        for place in events.indices {
            if let cause = events[place].cause, let parent = places[cause] { events[parent].effects.append(place) }
        }
    }

    /// The record that stands for an event.
    func main(of place: Int) -> Int {
        let all = events[place].records
        return all.first { records[$0].outcome == .taken || records[$0].outcome == .timeout } ?? all[0]
    }

    /// The place of the event that a record is about.
    func place(of record: Int) -> Int { places[records[record].id] ?? 0 }

    /// What an event that is no effect in the tree comes from.
    func origin(of place: Int) -> Origin {
        guard let cause = events[place].cause else { return .outside }
        return places[cause] == nil ? .missing(cause) : .circular(cause)
    }
}

extension RecordedEvents {
    /// Every event once, causes before effects.
    var tree: [FlowHistory.Node] {
        var walk = Walk(isVisited: [Bool](repeating: false, count: events.count))
        for place in events.indices where isRoot(place) { visitAll(from: place, &walk) }
        // What is left goes round in a circle, which is cut at the first record.
        for place in events.indices where !walk.isVisited[place] { visitAll(from: place, &walk) }
        return walk.nodes
    }

    private struct Walk {
        var isVisited: [Bool]
        var nodes: [FlowHistory.Node] = []
    }

    private func isRoot(_ place: Int) -> Bool {
        events[place].cause.flatMap { places[$0] } == nil
    }

    /// Visits an event and all that follows from it; without recursion, since chains may be long.
    private func visitAll(from root: Int, _ walk: inout Walk) {
        var waiting: [(place: Int, parent: Int?, isLast: Bool)] = [(root, nil, true)]
        walk.isVisited[root] = true
        while let (place, parent, isLast) = waiting.popLast() {
            let depth = parent.map { walk.nodes[$0].depth + 1 } ?? 0
            walk.nodes.append(node(place, parent, depth, isLast))
            let here = walk.nodes.count - 1
            let effects = events[place].effects.filter { !walk.isVisited[$0] }
            for effect in effects.reversed() {
                walk.isVisited[effect] = true
                waiting.append((effect, here, effect == effects.last))
            }
        }
    }

    private func node(_ place: Int, _ parent: Int?, _ depth: Int, _ isLast: Bool) -> FlowHistory.Node {
        let outcomes = events[place].records.map { records[$0].outcome }
        return FlowHistory.Node(
            record: main(of: place), origin: parent == nil ? origin(of: place) : .parent, depth: depth, parent: parent,
            isLast: isLast, duplicates: outcomes.count { $0 == .duplicate }, losses: outcomes.count { $0 == .lost })
    }
}

extension RecordedEvents {
    /// The columns and rows of a sequence diagram.
    var diagram: (participants: [String], rows: [FlowHistory.Row]) {
        var columns = Columns()
        var rows: [FlowHistory.Row] = []
        for index in records.indices {
            let (record, place) = (records[index], place(of: index))
            let from = columns.number(of: record.participant)
            if index == main(of: place), let cause = unseenCause(of: place) {
                rows.append(
                    FlowHistory.Row(
                        at: record.at, from: nil, to: from, label: "event \(cause)", mark: .causeMissing, record: index)
                )
            }
            for receiver in receivers(of: index) {
                rows.append(
                    FlowHistory.Row(
                        at: record.at, from: from, to: receiver.map { columns.number(of: $0) }, label: record.type,
                        mark: .outcome(record.outcome), record: index))
            }
        }
        return (columns.names, rows)
    }

    /// The cause of an event if there is no record of it.
    private func unseenCause(of place: Int) -> UInt64? {
        if case .missing(let cause) = origin(of: place) { cause } else { nil }
    }

    /// Who received an event by this record: as it says, or else those who published its effects; nil for nobody.
    private func receivers(of index: Int) -> [String?] {
        if let receiver = records[index].receiver { return [receiver] }
        guard records[index].outcome != .lost else { return [nil] }
        var receivers: [String] = []
        for effect in events[place(of: index)].effects {
            let participant = records[main(of: effect)].participant
            if !receivers.contains(participant) { receivers.append(participant) }
        }
        return receivers.isEmpty ? [nil] : receivers
    }

    private struct Columns {
        private(set) var names: [String] = []

        mutating func number(of name: String) -> Int {
            if let number = names.firstIndex(of: name) { return number }
            names.append(name)
            return names.count - 1
        }
    }
}
