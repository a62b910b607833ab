import Simulation
import Timeline

/// The keys of an edge.
enum EdgeKeys {
    static let network = Key(
        "network", DistributionNotation(), standard: "constant 0s", "how long the network takes, each way")
    static let deadlines = Key(
        "deadlines", FlagNotation(), standard: "no",
        "whether calls are told when their caller stops waiting, so that none begins after that")
    static let cancels = Key(
        "cancels", FlagNotation(), standard: "no",
        "whether a call ends, with all that it holds, when its caller has gone")
    static let budget = Key(
        "budget", RetryBudgetNotation(), standard: "none",
        "how much all retries and hedges together may do")
    static let timeout = Key("timeout", TimeoutNotation(), GuardKind.timeout.meaning)

    static let guardsPattern = "[\(GuardKind.allCases.map(\.rawValue).joined(separator: ", "))]"

    static let section = Section(
        title: "an edge",
        fields: [
            .setting(network), .setting(deadlines), .setting(cancels), .setting(budget),
            .special(
                "guards", pattern: guardsPattern,
                meaning:
                    "what calls pass through, outermost first, at most \(EdgePlan.guardLimit); "
                    + "of two of a kind, \"timeout 2\" is the second"
            ),
        ] + GuardKind.allCases.map(Field.guards))
}
