import Sagas
import Simulation

/// The system that a file describes, and the way back from the plan to the settings that it came from.
struct Blueprint: Sendable {
    /// What the file says, with the settings that were changed since.
    private var tree: Tree
    private let settings: SettingIndex
    private(set) var plan: Plan
    let about: String
    let teaches: [InterviewQuestion]
    let isEndless: Bool

    init(_ tree: Tree, _ findings: inout Findings) {
        self.tree = tree
        settings = SettingIndex(of: tree)
        let compiler = Compiler(tree)
        findings.add(compiler.findings.problems)
        plan = compiler.plan
        about = compiler.about
        teaches = compiler.teaches
        isEndless = compiler.isEndless
    }

    /// Whether there is anything that a line could speak of.
    var hasNames: Bool { !plan.services.isEmpty }

    /// The paths of everything that can be set while the system runs.
    var livePaths: [String] { settings.entries.filter(\.setting.isLive).map(\.path) }

    /// The present value of a setting as one would write it; nil if it has none, or there is no such setting.
    func value(of path: String) -> String? {
        guard let entry = try? settings.entry(for: path) else { return nil }
        return tree.part(entry.way)?.written ?? entry.setting.standard
    }

    /// Gives a setting another value while the system runs.
    /// - Throws: what is wrong, at its place in `PATH VALUE`.
    mutating func change(_ path: String, to value: String) throws(SyntaxProblem) {
        let entry = try settings.entry(for: path)
        guard entry.setting.isLive else {
            throw SyntaxProblem(
                at: 0, "\(entry.path) cannot change while the system runs; begin with --set \(entry.path)=\(value)")
        }
        let start = path.count + 1
        var changed = tree
        changed.put(Tree(text: value, at: Place(file: "", line: 1, column: start + 1)), at: entry.way)
        let compiler = Compiler(changed)
        if let problem = compiler.findings.problems.first {
            throw SyntaxProblem(at: problem.file.isEmpty ? problem.column - 1 : start, problem.message)
        }
        guard compiler.plan.hasStructure(of: plan) else {
            throw SyntaxProblem(at: start, "\(entry.path) cannot become \(value) while the system runs")
        }
        tree = changed
        plan = compiler.plan
    }
}

extension Plan {
    /// Whether two plans of one file differ in nothing but settings that a running system can take over.
    fileprivate func hasStructure(of other: Plan) -> Bool {
        zip(sagas, other.sagas).allSatisfy { saga, other in
            // Whether a step may fail decides where the saga can still turn back.
            saga.definition.steps.map(\.kind) == other.definition.steps.map(\.kind)
        }
    }
}
