internal import Scenarios
internal import Simulation

/// The form in which a fault is put together; it writes the command that does the same.
struct InjectForm: Hashable, Sendable {
    /// What can be filled in.
    enum Field: Hashable, Sendable {
        case target
        case kind
        case clause(FaultForm.Clause)

        var name: String {
            switch self {
            case .target: "on"
            case .kind: "what"
            case .clause(.add), .clause(.bytes): "how much"
            case .clause(.jitter): "jitter"
            case .clause(.lose): "lost share"
            case .clause(.workers): "workers"
            case .clause(.status): "status"
            case .clause(.point): "where"
            case .clause(.probability): "probability"
            case .clause(.length): "for"
            }
        }
    }

    /// What the length says of a fault that stays until it is healed.
    static let endless = "ever"

    /// What can be broken, what was selected first.
    let targets: [TargetName]
    private(set) var target = 0
    private(set) var kind: FaultForm
    /// What somebody has filled in; else a value is the suggested one.
    private(set) var values: [FaultForm.Clause: LineEditor] = [:]
    private(set) var field = Field.kind
    /// What the command reader has against the form as it is.
    var problem: SyntaxProblem?

    /// A form for these targets; nil if nothing can happen to the first, or there is none.
    init?(_ targets: [TargetName]) {
        guard let first = targets.first, let kind = FaultForm.likeliest(on: first.target) else { return nil }
        self.targets = targets
        self.kind = kind
    }
}

extension InjectForm {
    /// The fields as they stand one below the other.
    var fields: [Field] { [.target, .kind] + kind.possibleClauses.map(Field.clause) }

    /// The kinds that the target can have.
    var kinds: [FaultForm] { FaultForm.possible(on: targets[target].target) }

    /// What a field says.
    func text(of field: Field) -> String {
        switch field {
        case .target: targets[target].name
        case .kind: kind.rawValue
        case .clause(let clause): text(of: clause)
        }
    }

    private func text(of clause: FaultForm.Clause) -> String { values[clause]?.text ?? suggestion(for: clause) }

    private func suggestion(for clause: FaultForm.Clause) -> String {
        kind.suggestion(for: clause, on: targets[target].target)
    }

    /// The command that the form writes; what goes without saying is left out.
    var command: String {
        let clauses = kind.possibleClauses.map { ($0, text(of: $0)) }.filter { $0.1 != $0.0.unsaid }
        let words = ["inject \(kind.rawValue) on \(targets[target].text)"] + clauses.map { $0.0.text($0.1) }
        return words.joined(separator: " ")
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
            if !kinds.contains(kind) { kind = FaultForm.likeliest(on: targets[target].target) ?? kinds[0] }
        case .kind:
            let position = kinds.firstIndex(of: kind) ?? 0
            kind = kinds[(position + step + kinds.count) % kinds.count]
        case .clause(let clause):
            let offers = clause.offers
            let position =
                offers.firstIndex(of: text(of: clause)).map { $0 + step } ?? (step > 0 ? 0 : offers.count - 1)
            values[clause] = LineEditor(offers[max(0, min(position, offers.count - 1))])
        }
    }

    /// Changes the text of the field, if it has one.
    mutating func edit(_ change: (inout LineEditor) -> Void) {
        problem = nil
        guard case .clause(let clause) = field else { return }
        var editor = LineEditor(text(of: clause))
        change(&editor)
        values[clause] = editor
    }
}

extension FaultForm.Clause {
    /// The values that the arrow keys offer, smallest first.
    fileprivate var offers: [String] {
        switch self {
        case .add: ["50ms", "100ms", "200ms", "400ms", "800ms", "2s", "5s", "20s"]
        case .bytes: ["1 MB", "5 MB", "20 MB", "100 MB", "1 GB"]
        case .jitter: ["0%", "20%", "50%"]
        case .lose: ["25%", "50%", "75%", "100%"]
        case .workers: ["1", "2", "4", "8", "16"]
        case .status: ["400", "401", "404", "429", "500", "502", "503"]
        case .point: CrashPoint.allCases.map(\.rawValue)
        case .probability: ["1%", "5%", "10%", "30%", "50%", "100%"]
        case .length: ["5s", "10s", "20s", "40s", "2m", InjectForm.endless]
        }
    }

    /// The value that a command has without the clause; nil if it must be said.
    fileprivate var unsaid: String? {
        switch self {
        case .add, .bytes, .lose, .workers, .status, .point: nil
        case .jitter: "0%"
        case .probability: "100%"
        case .length: InjectForm.endless
        }
    }
}
