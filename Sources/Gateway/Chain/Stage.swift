public import Timeline

/// What is done with a request, once its route is known and before it is sent on.
public enum Stage: UInt8, CaseIterable, Hashable, Sendable {
    /// It gets a name: ``RequestIDs``.
    case requestID
    /// Its trace is continued: ``Tracing``.
    case tracing
    /// What becomes of it is logged from here on (``AccessLogEntry``): what an earlier stage answers is not.
    case logging
    /// It is refused if it looks like an attack: ``SuspiciousRequests``.
    case suspicion
    /// It is answered if a browser asks what it may do: ``CORS``.
    case preflight
    /// It is refused if all together ask for too much.
    case globalLimit
    /// It is refused if all that take its route ask for too much.
    case routeLimit
    /// Who makes it is found out: ``Authenticator``.
    case authentication
    /// It is refused if its tenant asks for too much.
    case tenantLimit
    /// It is answered by what was stored: ``ResponseStore``.
    case cache
    /// It is refused if its body is not as it should be: ``BodyRules``.
    case body
    /// It becomes what the backend wants: ``RequestTransform``.
    case transform

    /// What it is called: `tenant limit`.
    public var name: String {
        switch self {
        case .requestID: "request id"
        case .tracing: "tracing"
        case .logging: "logging"
        case .suspicion: "suspicion"
        case .preflight: "preflight"
        case .globalLimit: "global limit"
        case .routeLimit: "route limit"
        case .authentication: "authentication"
        case .tenantLimit: "tenant limit"
        case .cache: "cache"
        case .body: "body"
        case .transform: "transform"
        }
    }

    /// When its turn is, the smaller the earlier, if nothing else is said: 100, 200 and so on.
    public var priority: Int { 100 * (Int(rawValue) + 1) }
}

/// The stages of a gateway in their order.
public struct StageOrder: Hashable, Sendable {
    /// One after the other.
    public let stages: [Stage]

    /// All of them by their usual priorities.
    public static let standard = StageOrder()

    private init() {
        stages = Stage.allCases
    }

    /// Puts stages into an order; of several with one priority the usual order decides.
    /// - Parameters:
    ///   - priorities: other priorities than the usual ones.
    ///   - left: the stages that are left out; none by default.
    /// - Throws: a ``SettingError`` for an order in which a tenant's limit, or the cache, would come before anybody knows
    ///   who asks.
    public init(_ priorities: [Stage: Int], leavingOut left: [Stage] = []) throws(SettingError) {
        let kept = Stage.allCases.filter { !left.contains($0) }
        let stages = kept.sorted { one, other in
            let (first, second) = (priorities[one] ?? one.priority, priorities[other] ?? other.priority)
            return first == second ? one.rawValue < other.rawValue : first < second
        }
        if let known = stages.firstIndex(of: .authentication) {
            for needy in [Stage.tenantLimit, .cache] {
                guard let place = stages.firstIndex(of: needy), place < known else { continue }
                throw SettingError("\(needy)", given: "before authentication", allowed: "after it")
            }
        }
        self.stages = stages
    }
}

/// Some of the stages, as bits.
struct StageSet: Hashable, Sendable {
    private var bits: UInt16 = 0

    init(_ stages: [Stage]) {
        for stage in stages { bits |= 1 << UInt16(stage.rawValue) }
    }

    func contains(_ stage: Stage) -> Bool { bits & 1 << UInt16(stage.rawValue) != 0 }
}
