internal import Scenarios
internal import Simulation

/// The form in which a fault is put together; it writes the command that does the same.
struct InjectForm: Hashable, Sendable {
    /// What can be filled in.
    enum Field: Hashable, CaseIterable, Sendable {
        case target, kind, add, jitter, lose, probability, length

        var name: String {
            switch self {
            case .target: "on"
            case .kind: "what"
            case .add: "how much"
            case .jitter: "jitter"
            case .lose: "lost share"
            case .probability: "probability"
            case .length: "for"
            }
        }

        /// The values that the arrow keys offer, smallest first; none where anything goes.
        fileprivate var offers: [String] {
            switch self {
            case .target, .kind: []
            case .add: ["50ms", "100ms", "200ms", "400ms", "800ms", "2s", "5s", "20s"]
            case .jitter: ["0%", "20%", "50%"]
            case .lose: ["25%", "50%", "75%", "100%"]
            case .probability: ["1%", "5%", "10%", "30%", "50%", "100%"]
            case .length: ["5s", "10s", "20s", "40s", "2m", InjectForm.endless]
            }
        }
    }

    /// What the length says of a fault that stays until it is healed.
    static let endless = "ever"

    /// What can be broken, what was selected first.
    let targets: [FaultPlan.Target]
    private let targetNames: [String]
    private(set) var target = 0
    private(set) var kind = FaultKind.latency
    private(set) var values: [Field: LineEditor] = [
        .add: LineEditor("800ms"), .jitter: LineEditor("20%"), .lose: LineEditor("50%"),
        .probability: LineEditor("100%"), .length: LineEditor("40s"),
    ]
    private(set) var field = Field.kind
    /// What the command reader has against the form as it is.
    var problem: SyntaxProblem?

    /// A form for these targets, of which there must be one.
    init?(_ targets: [FaultPlan.Target], _ plan: Plan) {
        guard let first = targets.first else { return nil }
        self.targets = targets
        targetNames = targets.map { $0.name(plan) }
        kind = FaultKind.possible(on: first)[0]
    }
}

/// What a fault does, before its numbers are filled in.
enum FaultKind: String, CaseIterable, Hashable, Sendable {
    case latency, error, hang, crash, capacity, flush

    /// The kinds that a target can have.
    static func possible(on target: FaultPlan.Target) -> [FaultKind] {
        switch target {
        case .service: [.latency, .error, .hang, .crash, .capacity]
        case .operation, .edge: [.latency, .error, .hang]
        case .cache: [.flush]
        }
    }

    /// The fields that it has besides target and kind.
    var fields: [InjectForm.Field] {
        switch self {
        case .latency: [.add, .jitter, .probability, .length]
        case .error, .hang: [.probability, .length]
        case .crash: [.length]
        case .capacity: [.lose, .length]
        case .flush: []
        }
    }

    /// What it does, in words.
    var meaning: String {
        switch self {
        case .latency: "it takes longer"
        case .error: "it fails"
        case .hang: "it does not come back"
        case .crash: "it goes down and loses its work"
        case .capacity: "it loses workers"
        case .flush: "it forgets everything, once"
        }
    }
}

extension InjectForm {
    /// The fields as they stand one below the other.
    var fields: [Field] { [.target, .kind] + kind.fields }

    /// The kinds that the target can have.
    var kinds: [FaultKind] { FaultKind.possible(on: targets[target]) }

    /// What a field says.
    func text(of field: Field) -> String {
        switch field {
        case .target: targetNames[target]
        case .kind: kind.rawValue
        case .add, .jitter, .lose, .probability, .length: values[field]?.text ?? ""
        }
    }

    /// The command that the form writes.
    var command: String {
        let name = text(of: .target).asCommandName
        var command = "inject \(kind.rawValue) on \(name)"
        for field in kind.fields {
            let text = text(of: field)
            switch field {
            case .target, .kind: break
            case .add: command += " add \(text)"
            case .jitter where text != "0%": command += " jitter \(text)"
            case .lose: command += " lose \(text)"
            case .probability where text != "100%": command += " with probability \(text)"
            case .length where text != Self.endless: command += " for \(text)"
            case .jitter, .probability, .length: break
            }
        }
        return command
    }

    /// Goes to another field.
    mutating func moveField(_ step: Int) {
        let position = fields.firstIndex(of: field) ?? 0
        field = fields[(position + step + fields.count) % fields.count]
    }

    /// Takes the next choice of the field, or the one before.
    mutating func moveChoice(_ step: Int) {
        problem = nil
        switch field {
        case .target:
            target = (target + step + targets.count) % targets.count
            if !kinds.contains(kind) { kind = kinds[0] }
        case .kind:
            let position = kinds.firstIndex(of: kind) ?? 0
            kind = kinds[(position + step + kinds.count) % kinds.count]
        case .add, .jitter, .lose, .probability, .length:
            let offers = field.offers
            let position = offers.firstIndex(of: text(of: field)).map { $0 + step } ?? (step > 0 ? 0 : offers.count - 1)
            values[field] = LineEditor(offers[max(0, min(position, offers.count - 1))])
        }
    }

    /// Changes the text of the field, if it has one.
    mutating func edit(_ change: (inout LineEditor) -> Void) {
        problem = nil
        guard var editor = values[field], field != .target, field != .kind else { return }
        change(&editor)
        values[field] = editor
    }
}

extension String {
    /// The name as a command writes it: in quotes unless it is a plain word, or an edge between two of them.
    fileprivate var asCommandName: String {
        let words = split(separator: " ").filter { $0 != "->" }
        return words.allSatisfy(\.isPlainName) && words.count <= 2 ? self : "\"\(self)\""
    }
}

extension Substring {
    fileprivate var isPlainName: Bool {
        first?.isLetter == true && allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) }
    }
}
