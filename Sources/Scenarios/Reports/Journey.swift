import Gateway
public import Simulation
import Timeline

/// One request on its way through the system: everything that the journal tells of it, by its correlation id, and the
/// chapter of the guide that each step belongs to.
public struct Journey: Sendable {
    /// The request's correlation id.
    public let request: UInt64
    /// What happened to it, in order.
    public let entries: [Entry]
    private let plan: Plan

    /// The journey of a request, as far as the journal holds it; nil if it holds nothing of it.
    public init?(of request: UInt64, in session: Session) {
        let plan = session.simulation.plan
        let journal = session.simulation.journal
        var own: Set<EntryID> = []
        var entries: [Entry] = []
        for entry in journal.entries(from: journal.oldest) {
            // What a projection takes in belongs to no request, but follows from one.
            guard entry.request == request || (entry.request == 0 && own.contains(entry.cause)) else { continue }
            own.insert(entry.id)
            entries.append(entry)
        }
        guard !entries.isEmpty else { return nil }
        (self.request, self.entries, self.plan) = (request, entries, plan)
    }

    /// The request that tells most: of those whose arrival and end the journal holds, the first that has come through the
    /// most chapters of the guide; nil if the journal holds none whole.
    public static func mostTelling(in session: Session) -> Journey? {
        let plan = session.simulation.plan
        let journal = session.simulation.journal
        var open: [UInt64: Set<Chapter>] = [:]
        var best: (request: UInt64, chapters: Int)?
        for entry in journal.entries(from: journal.oldest) where entry.request > 0 {
            switch entry.what {
            case .arrived: open[entry.request] = []
            // What starts a saga by itself has its answer when that is completed.
            case .answered, .completed:
                guard let chapters = open.removeValue(forKey: entry.request) else { continue }
                if chapters.count > best?.chapters ?? -1 { best = (entry.request, chapters.count) }
            default:
                guard open[entry.request] != nil else { continue }
                open[entry.request]?.formUnion(Chapter.chapters(of: entry, plan))
            }
        }
        return best.flatMap { Journey(of: $0.request, in: session) }
    }

    /// The chapters that it has come through, in the order of the guide.
    public var chapters: [Chapter] {
        let found = entries.reduce(into: Set<Chapter>()) { $0.formUnion(Chapter.chapters(of: $1, plan)) }
        return Chapter.allCases.filter(found.contains)
    }

    /// The journey as lines: when, in which chapter, and what happened.
    public var text: String {
        let start = entries[0].time
        let rows = entries.map { entry in
            let chapters = Chapter.chapters(of: entry, plan).map(\.rawValue).joined(separator: ", ")
            return (time: Self.text(entry.time - start), chapters: chapters, event: event(entry))
        }
        let (times, names) = (rows.map(\.time.count).max() ?? 0, rows.map(\.chapters.count).max() ?? 0)
        let lines = rows.map { row in
            let margin = String(repeating: " ", count: times - row.time.count) + row.time
            return "\(margin)  \(Help.padded(row.chapters, names))  \(row.event)"
        }
        return ([head, ""] + lines).joined(separator: "\n") + "\n"
    }

    private var head: String {
        let count = chapters.count == Chapter.allCases.count ? "all seven" : "\(chapters.count) of the seven"
        return "Request \(request)\(asked): through \(count) chapters of the guide, from \(entries[0].time) on"
    }

    /// What it asked a gateway for: `, POST /orders`.
    private var asked: String {
        for entry in entries {
            guard case .operation(let operation) = entry.place, let route = plan.route(of: Int(operation)),
                let pattern = route.route.pattern
            else { continue }
            return ", \(route.form.method.rawValue) \(pattern.text)"
        }
        return ""
    }

    /// What happened; of a call that sets out, what it has come through.
    private func event(_ entry: Entry) -> String {
        let text = entry.text(plan)
        guard entry.what == .sent, let edge = entry.place.edge else { return text }
        let names = plan.edges[edge].guards.map(\.name)
        return names.isEmpty ? text : "\(text), through \(names.joined(separator: ", "))"
    }

    private static func text(_ length: Duration) -> String {
        let microseconds = (length.nanoseconds + 500) / 1_000
        return "\(microseconds / 1_000).\(String(1_000 + microseconds % 1_000).dropFirst())ms"
    }
}

extension Component {
    /// The edge that it is, or is a part of.
    fileprivate var edge: Int? {
        switch self {
        case .edge(let edge), .guardOn(let edge, _), .guardPart(let edge, _, _): Int(edge)
        default: nil
        }
    }
}
