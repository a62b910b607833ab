/// What became of an expectation, or of several.
public enum Verdict: String, CaseIterable, Hashable, Sendable {
    /// It could not be judged for an error in the run.
    case error
    /// It was not met.
    case fail
    /// Nothing can be said.
    case inconclusive
    /// It was met.
    case pass

    /// The verdict on several: error beats fail beats inconclusive beats pass; on none it is inconclusive.
    public static func overall(of verdicts: some Sequence<Verdict>) -> Verdict {
        let all = Set(verdicts)
        return allCases.first { all.contains($0) } ?? .inconclusive
    }

    /// The exit status that says so: 0, 1, 2 and 3 for pass, fail, inconclusive and error.
    public var exitStatus: Int32 {
        switch self {
        case .pass: 0
        case .fail: 1
        case .inconclusive: 2
        case .error: 3
        }
    }
}
