internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

/// The flows of choreographies that a text means, those first that need looking at first.
struct FlowList: Sendable {
    /// What is in the list, in order.
    private(set) var rows: [FlowRow] = []
    /// When it was made.
    private(set) var time = Instant.zero
    /// Only flows with all these words in their row are in it; a word with `-` before it must not be there.
    private(set) var text = ""

    /// An empty list.
    init() {}

    /// Looks at all flows once.
    init(_ text: String, of world: World, _ plan: Plan) {
        (self.text, time) = (text, world.now)
        let words = text.lowercased().split(separator: " ")
        let underWay = world.flowRows
        let known = Set(underWay.lazy.filter(\.standing.isOver).map(\.request))
        let all = underWay + world.endedFlows.lazy.filter { !known.contains($0.request) }.map { FlowRow($0) }
        rows = all.filter { $0.matches(words, plan) }.sorted { $0.key < $1.key }
    }

    /// Where a flow stands in the list; nil if it does not.
    func position(of request: UInt64) -> Int? { rows.firstIndex { $0.request == request } }
}

extension FlowRow {
    /// Whether all words are in what its row says.
    fileprivate func matches(_ words: [Substring], _ plan: Plan) -> Bool {
        guard !words.isEmpty else { return true }
        let name = plan.choreographies[Int(self.plan)].choreography.name.lowercased()
        let said = "#\(request) \(name) \(standing.rawValue) \(standing.badge(Glyphs.ascii.marks).word.lowercased())"
        return words.allSatisfy { word in
            word.hasPrefix("-") && word.count > 1 ? !said.contains(word.dropFirst()) : said.contains(word)
        }
    }

    /// What sorts the row, the least first: who needs help, the oldest of them first; then what has ended, the newest first.
    fileprivate var key: UInt64 {
        let age = UInt64(clamping: (standing.isOver ? progressedAt : startedAt).nanoseconds) >> 7
        return grade << 57 | (standing.isOver ? (1 << 56) - min(age, 1 << 56) : age)
    }

    private var grade: UInt64 {
        switch standing {
        case .parked, .orphaned: 0
        case .compensating: 1
        case .running: redeliveries > 0 ? 2 : 3
        case .compensated, .closed: 4
        case .completed: 5
        }
    }
}
