import Gateway
public import Timeline

/// What ended a request in a gateway, as an operator counts it.
public enum GatewayEnd: UInt8, CaseIterable, Hashable, Sendable {
    /// Its backend has answered it, well or not.
    case backend
    /// A stored response has.
    case stored
    /// A browser has asked what it may do, or somebody what the gateway can do.
    case preflight
    /// It is no request by the rules of HTTP.
    case malformed
    /// No route takes it.
    case noRoute
    /// It looks like an attack.
    case suspicious
    /// All together, or its tenant, ask for too much.
    case rateLimit
    /// It is not known who asks, or they may not.
    case auth
    /// Its body is not as it should be.
    case validation
    /// It cannot become what its backend wants, or the answer what its client wants.
    case transform
    /// The gateway has failed itself.
    case gateway

    /// The end of a request that the gateway has answered so.
    init(_ answer: Answer) {
        self =
            switch answer.kind {
            case .noRoute: .noRoute
            case .suspicious: .suspicious
            case .preflight, .server: .preflight
            case .rateLimit: .rateLimit
            case .auth: .auth
            case .cache: .stored
            case .validation: .validation
            case .transform: .transform
            }
    }

    /// What it is called.
    public var name: String {
        switch self {
        case .backend: "backend"
        case .stored: "stored"
        case .preflight: "preflight"
        case .malformed: "malformed"
        case .noRoute: "no route"
        case .suspicious: "suspicious"
        case .rateLimit: "rate limit"
        case .auth: "auth"
        case .validation: "validation"
        case .transform: "transform"
        case .gateway: "gateway"
        }
    }
}

/// What became of the requests of a gateway, all its replicas together.
public struct GatewayTally: Sendable {
    /// How many requests ended with a status.
    public struct StatusCount: Hashable, Sendable {
        /// The status.
        public let code: Int
        /// How many.
        public internal(set) var count: UInt64
    }

    /// What has happened in a stage.
    public struct StageCount: Hashable, Sendable {
        /// How many requests have passed it.
        public internal(set) var passed: UInt64 = 0
        /// How many it has answered.
        public internal(set) var answered: UInt64 = 0
        /// How long all of them together have been in it.
        public internal(set) var time = Duration.zero
    }

    /// How many requests a worker has taken.
    public internal(set) var taken: UInt64 = 0
    /// The statuses, in order.
    public private(set) var statuses: [StatusCount] = []
    /// The stages, by ``Stage/rawValue``.
    public internal(set) var stages = Stage.allCases.map { _ in StageCount() }
    /// How often the keys of an issuer were fetched.
    public internal(set) var keyFetches: UInt64 = 0
    /// How often there was a new one.
    public internal(set) var keyRotations: UInt64 = 0
    /// How many requests said of themselves what only a trusted proxy may say.
    public internal(set) var spoofed: UInt64 = 0
    /// Of how many of these it was believed.
    public internal(set) var believed: UInt64 = 0
    /// How many began whose answer is not back.
    public internal(set) var underWay: UInt64 = 0
    /// How many came to no answer, since the gateway went down or nobody waited any more.
    public internal(set) var lost: UInt64 = 0
    /// By route and kind of end.
    private var ends: [UInt64]
    /// By kind of end, those whose status speaks of a failure.
    private var failures: [UInt64]

    init(routes: Int) {
        ends = Array(repeating: 0, count: routes * GatewayEnd.allCases.count)
        failures = Array(repeating: 0, count: GatewayEnd.allCases.count)
    }

    /// How many requests of a route ended so; of all routes if none is named.
    public func ended(_ end: GatewayEnd, route: Int? = nil) -> UInt64 {
        let kinds = GatewayEnd.allCases.count
        if let route { return ends[route * kinds + Int(end.rawValue)] }
        return stride(from: Int(end.rawValue), to: ends.count, by: kinds).reduce(0) { $0 + ends[$1] }
    }

    /// How many requests ended so with a status of 400 or more.
    public func failed(_ end: GatewayEnd) -> UInt64 { failures[Int(end.rawValue)] }

    /// How many requests ended with a status.
    public func ended(status code: Int) -> UInt64 { statuses.first { $0.code == code }?.count ?? 0 }

    mutating func count(_ stage: Stage, took: Duration, hasPassed: Bool) {
        let place = Int(stage.rawValue)
        stages[place].time = stages[place].time + took
        if hasPassed { stages[place].passed += 1 } else { stages[place].answered += 1 }
    }

    mutating func countSpoofed(isBelieved: Bool) {
        spoofed += 1
        if isBelieved { believed += 1 }
    }

    mutating func end(_ end: GatewayEnd, _ status: Status, route: Int) {
        ends[route * GatewayEnd.allCases.count + Int(end.rawValue)] += 1
        if status.code >= 400 { failures[Int(end.rawValue)] += 1 }
        if let place = statuses.firstIndex(where: { $0.code >= status.code }) {
            if statuses[place].code == status.code {
                statuses[place].count += 1
            } else {
                statuses.insert(StatusCount(code: status.code, count: 1), at: place)
            }
        } else {
            statuses.append(StatusCount(code: status.code, count: 1))
        }
    }

    func mix(into digest: inout Digest) {
        digest.mix(taken, underWay)
        for count in statuses { digest.mix(UInt64(count.code), count.count) }
        for stage in stages { digest.mix(stage.passed, stage.answered) }
        digest.mix(keyFetches, spoofed)
    }
}
