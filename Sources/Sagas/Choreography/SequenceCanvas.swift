internal import Timeline

/// Where everything is in a sequence diagram of some width, and how its lines are drawn.
struct SequenceCanvas {
    private let history: FlowHistory
    private let signs: SequenceDiagram.Signs
    private let width: Int
    /// The columns at the left that hold the times; 0 if there is no room for them.
    private let gutter: Int
    /// How many columns a participant has.
    private let pitch: Int

    /// Nil if the participants do not fit side by side.
    init?(_ history: FlowHistory, width: Int, signs: SequenceDiagram.Signs) {
        let count = max(1, history.participants.count)
        self.history = history
        self.signs = signs
        self.width = width
        let times = (history.rows.map { Self.time(of: $0, in: history).count }.max() ?? 0) + 1
        gutter = (width - times) / count < SequenceDiagram.leastPitch ? 0 : times
        pitch = (width - gutter) / count
        guard pitch >= SequenceDiagram.leastPitch else { return nil }
    }

    /// The names above their lines.
    var heading: [String] {
        guard !history.participants.isEmpty else { return [] }
        var names = [Character](repeating: " ", count: width)
        for (index, participant) in history.participants.enumerated() {
            let name = signs.clip(participant, to: pitch - 1)
            put(name, at: middle(of: index) - name.count / 2, in: &names)
        }
        return [Self.trimmed(names), Self.trimmed(lives)]
    }

    /// The lines of one message: a line for its words if they do not fit beside or into its arrow, and the arrow.
    func lines(of row: FlowHistory.Row) -> [String] {
        let words = Array(SequenceDiagram.words(of: row))
        var arrow = lives
        put(signs.clip(Self.time(of: row, in: history), to: gutter), at: 0, in: &arrow)
        let room = draw(row, on: &arrow)
        guard let room, room.count >= words.count else {
            var above = lives
            let clipped = signs.clip(String(words), to: width - gutter)
            let start = min(leftEnd(of: row) + 2, width - clipped.count)
            put(clipped, at: max(gutter, start), in: &above)
            return [Self.trimmed(above), Self.trimmed(arrow)] + turningBack(row)
        }
        let start = isArrow(row) ? room.lowerBound + (room.count - words.count) / 2 : room.lowerBound
        put(signs.clip(String(words), to: words.count), at: start, in: &arrow)
        return [Self.trimmed(arrow)] + turningBack(row)
    }

    /// Draws a message's arrow, and returns the columns where its words may stand; nil if nowhere.
    private func draw(_ row: FlowHistory.Row, on line: inout [Character]) -> Range<Int>? {
        let stroke = row.mark.isUsual ? signs.solid : signs.broken
        guard let to = row.to, row.from != to else {
            return drawStub(row, stroke, on: &line)
        }
        let isLost = row.mark == .outcome(.lost)
        let start = row.from.map(middle(of:)) ?? gutter
        let (low, high) = (min(start, middle(of: to)), max(start, middle(of: to)))
        for column in low + 1..<high { line[column] = stroke }
        if start == low {
            line[low] = row.from == nil ? signs.unknown : signs.branchRight
            line[high - 1] = isLost ? signs.lost : signs.right
        } else {
            line[high] = signs.branchLeft
            line[low + 1] = isLost ? signs.lost : signs.left
        }
        // At least one column of the stroke is left on either side of the words.
        return high - low >= 6 ? low + 2..<high - 2 : nil
    }

    /// Draws a message that goes to its own sender or to nobody, whose words stand beside it.
    private func drawStub(_ row: FlowHistory.Row, _ stroke: Character, on line: inout [Character]) -> Range<Int>? {
        let start = row.from.map(middle(of:)) ?? gutter
        line[start] = row.from == nil ? signs.unknown : signs.branchRight
        line[start + 1] = stroke
        line[start + 2] = row.to != nil ? signs.turnDown : row.mark == .outcome(.lost) ? signs.lost : signs.nobody
        return start + 4 < width ? start + 4..<width : nil
    }

    /// The line on which a message comes back to its own sender.
    private func turningBack(_ row: FlowHistory.Row) -> [String] {
        guard let from = row.from, from == row.to else { return [] }
        var line = lives
        line[middle(of: from) + 1] = row.mark == .outcome(.lost) ? signs.lost : signs.left
        line[middle(of: from) + 2] = signs.turnBack
        return [Self.trimmed(line)]
    }

    private func isArrow(_ row: FlowHistory.Row) -> Bool { row.to != nil && row.from != row.to }

    /// The column where a message begins or ends, whichever is farther to the left.
    private func leftEnd(of row: FlowHistory.Row) -> Int {
        min(row.from.map(middle(of:)) ?? gutter, row.to.map(middle(of:)) ?? width)
    }

    private func middle(of participant: Int) -> Int { gutter + participant * pitch + pitch / 2 }

    /// Nothing but the lines below the names.
    private var lives: [Character] {
        var line = [Character](repeating: " ", count: width)
        for index in history.participants.indices { line[middle(of: index)] = signs.life }
        return line
    }

    private func put(_ text: [Character], at start: Int, in line: inout [Character]) {
        for (offset, character) in text.enumerated() where line.indices.contains(start + offset) {
            line[start + offset] = character
        }
    }

    /// How long after the first record a message was sent.
    private static func time(of row: FlowHistory.Row, in history: FlowHistory) -> String {
        (row.at - (history.records.first?.at ?? row.at)).description
    }

    private static func trimmed(_ line: [Character]) -> String {
        guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
        return String(line[...last])
    }
}

extension FlowHistory.Mark {
    /// Whether the message arrived, and for the first time.
    fileprivate var isUsual: Bool {
        switch self {
        case .outcome(.taken), .outcome(.timeout): true
        case .outcome(.duplicate), .outcome(.lost), .outcome(.deadLetter), .outcome(.refused), .causeMissing: false
        }
    }
}
