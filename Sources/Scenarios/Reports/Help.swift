import Simulation

/// The reference of the language, made from the tables that its parser works by.
public enum Help {
    /// What can be looked up, by the name that `sagascope help` knows it by.
    public enum Topic: String, CaseIterable, Sendable {
        /// The keys of a scenario file.
        case scenario
        /// The commands of the prompt and of timelines.
        case commands
        /// The expectations.
        case expect
        /// What expectations can measure.
        case metrics
        /// The JSON of a report.
        case report
        /// What is in a recorded run.
        case recording
        /// Cache traces and eviction policies.
        case traces

        /// What there is to know.
        public var text: String {
            switch self {
            case .scenario: Scenario.reference
            case .commands: Help.commands
            case .expect: Help.expectations
            case .metrics: Help.metrics
            case .report: Help.report
            case .recording: Help.recording
            case .traces: Help.traces
            }
        }
    }

    /// The commands of the prompt and of timelines.
    public static var commands: String {
        var lines = ["Commands", ""]
        for verb in Verb.allCases {
            for syntax in verb.syntax { lines.append("  \(syntax)") }
            lines.append("      \(verb.meaning)\(verb.isTimed ? "" : " (not in a timeline)")")
            switch verb {
            case .inject: lines += table(FaultForm.allCases.map { ($0.rawValue, $0.meaning) })
            case .saga:
                lines += table(SagaDeed.allCases.map { ($0.rawValue, $0.meaning) })
                lines.append("      STANDING is one of")
                lines += table(SagaFilter.allCases.map { ($0.rawValue, $0.words) })
            case .flow:
                lines += table(FlowOrder.Deed.allCases.map { ($0.rawValue, $0.meaning) })
                lines.append("      STANDING is one of")
                lines += table(
                    [(FlowOrder.everyStanding, "under way")] + FlowStanding.underWay.map { ($0.rawValue, $0.words) })
            default: break
            }
            lines += verb.examples.map { "      e.g. \($0)" } + [""]
        }
        lines += [
            "TARGET is a service, a replica (payment#2), an operation (payment.charge), or an edge (shop -> payment).",
            "BREAKER is an edge, or a service that only one edge with a breaker leads to; on an edge with two of them",
            "the inner one has a 2 behind it. Names with spaces stand in quotes. In a timeline each line begins with",
            "\"at TIME\". What follows a # is a comment. CONDITION is what \"help expect\" calls P.",
        ]
        return text(lines)
    }

    /// The expectations.
    public static var expectations: String {
        var lines = ["Expectations: one a line, each with a condition P", ""]
        lines += Expectation.Span.table.map { "  \(padded($0.syntax, 17))\($0.meaning)" }
        lines += [
            "", "P is one of these, or several joined by and, or, not and parentheses:", "",
            "  breaker NAME is open | closed | half-open | forced open | forced closed | metrics-only",
            "  VALUE < VALUE        also <=, >, >=, ==, !=", "",
            "Of breakers for each operation or replica, closed says that all are, any other state that one is.", "",
            "VALUE is a metric (see \"help metrics\"), an account of the ledger, pending (what is charged for sagas",
            "under way), or a number with its unit, and sums and differences of those:", "",
            "  100ms  a duration    10%  a share    280/s  a rate    12.50  money    5  a count", "",
            "States, queues and the ledger are judged after every event that touches them. A condition with a windowed",
            "metric is judged when a second is over, on the last ten seconds that lie within the interval: the last",
            "ten before T for \"at T\", the whole run for \"at end\". \"always\" judges windows while the load lasts.",
            "",
            "The verdict is pass, fail, error, or inconclusive: nothing was measured in the interval, the run ended",
            "before it did, the system did not drain within \(Session.longestDrain.exactText), or a fault injected",
            "before the interval's end has hit nothing. A violation from before that fault stays a fail.",
        ]
        return text(lines)
    }

    /// The metrics.
    public static var metrics: String {
        let width = (Metric.allCases.map(\.syntax.count).max() ?? 0) + 2
        var lines = ["Metrics", ""]
        for metric in Metric.allCases {
            let unit = padded(metric.unit.rawValue.split(separator: " ").last.map(String.init) ?? "", 10)
            let timing = padded(metric.timing.rawValue, 10)
            lines.append("  \(padded(metric.syntax, width))\(unit)\(timing)\(metric.meaning)")
        }
        lines += [
            "", "CALLS is an operation (shop.browse), a saga or a load. \"ok\" leaves only what ended well.",
            "EDGE, BREAKER, BULKHEAD, BALANCER, CONNECTIONS and CONCURRENCY are named as in commands. MEMORY is a service",
            "with memory, or an edge with a memory guard.",
        ]
        return text(lines)
    }

    /// The JSON of a report.
    public static var report: String {
        text(
            ["The JSON report, version \(Report.schemaVersion)", ""]
                + ReportFormat.keys.map { "  \(padded($0.key, 20))\($0.meaning)" })
    }

    /// What is in a recorded run.
    public static var recording: String {
        text([
            "Recordings", "",
            "  sagascope run SCENARIO --record FILE     writes one",
            "  sagascope replay FILE [--at TIME]        opens it; the build that wrote it runs it again", "",
            "FILE is a SQLite database, written through sagascope's own event store: one event for each thing that",
            "happened to a component, in a stream for each (guard-shop -> payment breaker), what the operator did and",
            "how the run was started in the stream \"recording\", and from time to time how everything stood in",
            "\"keyframes\". There is none for a single request. Anybody can query it: sqlite3 FILE \"SELECT ...\"", "",
            "  transitions   seconds, component, what, text       what happened to components",
            "  keyframes     seconds, events, digest, offered, ok, failed, data (JSON: all that was measured)",
            "  commands      command                              what the operator did, as lines of a timeline",
            "  runs          scenario, seed, build, file          how the run was started",
            "  events        position, stream, version, type, schema, seconds, data, id, correlation, causation", "",
            "Where the operator turned time back, a TimeTurnedBack event says to which moment; what stands before it and",
            "is later than that has not happened.",
        ])
    }

    /// Words, each with its meaning behind it.
    private static func table(_ words: [(word: String, meaning: String)]) -> [String] {
        words.map { "      \(padded($0.word, 14))\($0.meaning)" }
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func text(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }
}
