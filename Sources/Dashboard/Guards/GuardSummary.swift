internal import Screen
internal import Simulation
internal import Timeline

/// What one line tells of a guard that calls do not stand in: what it does now, how often, and what came of it.
struct GuardSummary {
    /// Its kind, with what sets it apart.
    var name: String
    /// How it stands.
    var now: Line
    /// How often it acted in each of the last seconds.
    var trend: [Double] = []
    /// How often it acted in the last second; nil where that is not measured.
    var perSecond: Double?
    /// What came of it since the beginning.
    var since: String
}

extension GuardSummary {
    /// Whether a kind has a line here, and not a list of its own.
    static func isShown(_ plan: GuardPlan) -> Bool {
        switch plan {
        case .breaker, .bulkhead, .semaphore, .connections: false
        default: true
        }
    }

    /// What there is to say of the guard at a place; nil for one that has a list of its own.
    ///
    /// Each kind has its words in a file of its own beside this one.
    static func of(_ place: GuardPlace, _ scene: Scene) -> GuardSummary? {
        let plan = scene.plan.edges[place.edge].guards[place.stage]
        return switch plan {
        case .breaker, .bulkhead, .semaphore, .connections: nil
        case .retry: retry(place, scene)
        case .hedge: hedge(place, scene)
        case .timeout: timeout(place, scene)
        case .fallback: fallback(place, scene)
        case .memory: memory(place, scene)
        case .limiter: limiter(place, scene)
        case .throttle: throttle(place, scene)
        case .concurrency: concurrency(place, scene)
        case .isolator: isolator(place, scene)
        }
    }

    /// Parts that count something, those that are zero left out; `none` if all are.
    static func counts(_ parts: [(count: Int, what: String)], none: String) -> String {
        let shown = parts.filter { $0.count > 0 }
        return shown.isEmpty
            ? none : shown.map { "\(Figures.count($0.count)) \($0.what)" }.joined(separator: ", ")
    }
}

extension DetailText {
    /// Another guard: how it is set, how it stands, and what came of it.
    static func guardOn(_ place: GuardPlace, _ scene: Scene, _ glyphs: Glyphs) -> DetailText {
        let edge = scene.plan.edges[place.edge]
        guard edge.guards.indices.contains(place.stage) else { return DetailText(title: "Guard", lines: []) }
        let kind = edge.guards[place.stage].name
        let lines: [Line] =
            switch edge.guards[place.stage] {
            case .breaker: BreakerMap.lines(of: place, scene, width: 60, glyphs)
            case .bulkhead: []
            case .semaphore: semaphore(place, scene, glyphs)
            case .retry: retry(place, scene)
            case .hedge: hedge(place, scene)
            case .timeout: timeout(place, scene)
            case .fallback: fallback(place, scene)
            case .connections: connections(place, scene, glyphs)
            case .memory: memory(place, scene)
            case .limiter: limiter(place, scene)
            case .throttle: throttle(place, scene)
            case .concurrency: concurrency(place, scene)
            case .isolator: isolator(place, scene, glyphs)
            }
        return DetailText(
            title: "\(kind.capitalizedFirst) \(scene.plan.edgeName(of: place))",
            lines: lines + news(scene, atMost: 20) { $0.place.isGuard(at: place) })
    }
}

extension Component {
    /// Whether this is the guard at a place, or a part of it.
    func isGuard(at place: GuardPlace) -> Bool {
        switch self {
        case .guardOn(let edge, let stage), .guardPart(let edge, let stage, _):
            Int(edge) == place.edge && Int(stage) == place.stage
        default: false
        }
    }
}

extension String {
    /// The text with its first letter in upper case.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
