public import Gateway
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

        /// Nothing.
        public init() {}

        /// How many have left it.
        public var all: UInt64 { passed + answered }

        /// How long one has been in it on average; nil before the first.
        public var mean: Duration? { all > 0 ? time * (1 / Double(all)) : nil }

        mutating func add(took: Duration, hasPassed: Bool) {
            time = time + took
            if hasPassed { passed += 1 } else { answered += 1 }
        }

        /// Both together.
        public static func + (left: Self, right: Self) -> Self {
            var sum = left
            sum.passed += right.passed
            sum.answered += right.answered
            sum.time = sum.time + right.time
            return sum
        }

        /// What has been added to an earlier count; nothing where that is not an earlier one.
        public static func - (left: Self, right: Self) -> Self {
            var rest = left
            guard left.passed >= right.passed, left.answered >= right.answered else { return Self() }
            rest.passed -= right.passed
            rest.answered -= right.answered
            rest.time = rest.time - right.time
            return rest
        }
    }

    /// How many requests a worker has taken.
    public internal(set) var taken: UInt64 = 0
    /// The statuses, in order.
    public private(set) var statuses: [StatusCount] = []
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
    /// Those of them whose status speaks of a failure.
    private var failures: [UInt64]
    /// By route and stage.
    private var stageCounts: [StageCount]
    /// By route, the backends; those count as answered that failed.
    private var backends: [StageCount]

    init(routes: Int) {
        ends = Array(repeating: 0, count: routes * GatewayEnd.allCases.count)
        failures = ends
        stageCounts = Array(repeating: StageCount(), count: routes * Stage.allCases.count)
        backends = Array(repeating: StageCount(), count: routes)
    }

    /// How many requests of a route ended so; of all routes if none is named.
    public func ended(_ end: GatewayEnd, route: Int? = nil) -> UInt64 { Self.sum(ends, end, route) }

    /// How many requests of a route ended so with a status of 400 or more; of all routes if none is named.
    public func failed(_ end: GatewayEnd, route: Int? = nil) -> UInt64 { Self.sum(failures, end, route) }

    private static func sum(_ counts: [UInt64], _ end: GatewayEnd, _ route: Int?) -> UInt64 {
        let kinds = GatewayEnd.allCases.count
        if let route { return counts[route * kinds + Int(end.rawValue)] }
        return stride(from: Int(end.rawValue), to: counts.count, by: kinds).reduce(0) { $0 + counts[$1] }
    }

    /// What has happened to the requests of a route in a stage; to those of all routes if none is named.
    public func count(_ stage: Stage, route: Int? = nil) -> StageCount {
        let all = Stage.allCases.count
        if let route { return stageCounts[route * all + Int(stage.rawValue)] }
        return stride(from: Int(stage.rawValue), to: stageCounts.count, by: all)
            .reduce(StageCount()) { $0 + stageCounts[$1] }
    }

    /// What has happened to the requests of a route behind the gateway, to those of all routes if none is named: those
    /// passed that were answered well, the others count as answered.
    public func backend(route: Int? = nil) -> StageCount {
        route.map { backends[$0] } ?? backends.reduce(StageCount(), +)
    }

    /// How many requests ended with a status.
    public func ended(status code: Int) -> UInt64 { statuses.first { $0.code == code }?.count ?? 0 }

    mutating func count(_ stage: Stage, took: Duration, hasPassed: Bool, route: Int) {
        stageCounts[route * Stage.allCases.count + Int(stage.rawValue)].add(took: took, hasPassed: hasPassed)
    }

    mutating func countBackend(took: Duration, isOK: Bool, route: Int) {
        backends[route].add(took: took, hasPassed: isOK)
    }

    mutating func countSpoofed(isBelieved: Bool) {
        spoofed += 1
        if isBelieved { believed += 1 }
    }

    mutating func end(_ end: GatewayEnd, _ status: Status, route: Int) {
        let place = route * GatewayEnd.allCases.count + Int(end.rawValue)
        ends[place] += 1
        if status.code >= 400 { failures[place] += 1 }
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
        for stage in Stage.allCases {
            let count = count(stage)
            digest.mix(count.passed, count.answered)
        }
        digest.mix(keyFetches, spoofed)
    }
}
