import Gateway
import Resilience
import Timeline

/// A request through a gateway, and the choice of a backend.
enum GatewayCosts {
    static func measure() throws -> [Result] {
        try [chain()] + choices()
    }

    /// Fifty routes; a request is named, traced, looked at, limited twice, known, looked up, checked and changed, and a
    /// backend is chosen.
    private static func chain() throws -> Result {
        var gateway = try APIGateway(
            settings(), (0..<50).map { try route($0) },
            authenticator: Authenticator(apiKeys: APIKeys()),
            random: RandomStream(seed: 1, name: "gateway", purpose: "names"))
        var balancer = try Balancer(.init(.roundRobin), backends(10), at: .zero)
        var random = RandomStream(seed: 1, name: "gateway", purpose: "balancer")
        let requests = try (0..<1_000).map { try request($0) }
        let samples = (0..<9).map { _ in
            let count = 100_000
            var passed = 0
            let seconds = secondsTaken {
                for number in 0..<count {
                    let now = Instant(nanoseconds: Int64(number) * 1_000)
                    let passage = gateway.receive(requests[number % requests.count], Credentials(client: 1), at: now)
                    guard case .passed = passage, balancer.choose(at: now, using: &random) != nil else { continue }
                    passed += 1
                }
            }
            precondition(passed == count, "every request passes")
            return seconds / Double(count) * 1e9
        }
        return Result(name: "gateway: a request's way in", unit: "ns", samples: samples, goal: .bestAtMost(1_500))
    }

    private static func settings() throws -> GatewaySettings {
        var settings = GatewaySettings()
        settings.ids = try RequestIDs()
        settings.tracing = try Tracing()
        settings.suspicions = try SuspiciousRequests()
        settings.cors = CORS(try CORS.Settings(origins: .these(["https://shop.example"])))
        settings.security = try SecurityHeaders()
        settings.limit = try .init(.tokenBucket, limit: 100_000_000, per: .seconds(1))
        settings.storedResponses = 10_000
        return settings
    }

    private static func route(_ number: Int) throws -> Route {
        var route = Route("r\(number)", methods: .get, pattern: try PathPattern("/products\(number)/{id}"))
        route.auth = .optional
        route.tenantLimit = try .init(.tokenBucket, limit: 100_000_000, per: .seconds(1))
        route.caching = try ResponseCaching()
        route.body = try BodyRules(mostBytes: 1_000)
        route.request = try RequestTransform([.header(.set(.via, "gateway"))])
        return route
    }

    private static func request(_ number: Int) throws -> Request {
        let headers = try Headers([
            "User-Agent": "Mozilla/5.0 (X11; Linux x86_64)", "Accept": "*/*", "Accept-Encoding": "gzip, br",
            "Origin": "https://shop.example", "X-Session-ID": "s\(number)",
        ])
        let target = try Target("/products\(number % 50)/\(number)?page=2")
        return try Request(.get, target, headers: headers, peer: peer, host: "shop.example", receivedAt: .zero)
    }

    private static let peer: IPAddress = {
        guard let peer = IPAddress("192.0.2.1") else { preconditionFailure("it is an address") }
        return peer
    }()

    private static func backends(_ count: Int) throws -> [Backend] {
        try (0..<count).map { try Backend("10.0.\($0 / 256).\($0 % 256):80", weight: 1 + $0 % 5) }
    }

    private static let algorithms: [(name: String, algorithm: Balancer.Algorithm)] = [
        ("round robin", .roundRobin), ("smooth weighted round robin", .smoothRoundRobin(maxFails: 0)),
        ("least connections", .leastConnections), ("two choices", .powerOfTwoChoices),
        ("peak EWMA", .peakEWMA(decay: .seconds(10))),
        ("ring", .consistentHash(.ring(.xxhash(.pointsPerWeight(160))))),
        ("Maglev", .consistentHash(.maglev(size: 65_537))),
    ]

    /// Among ten backends and among a thousand, of weights from 1 to 5.
    private static func choices() throws -> [Result] {
        try algorithms.flatMap { name, algorithm in
            try [(10, 30.0), (1_000, 100.0)].map { count, goal in
                Result(
                    name: "\(name) among \(count)", unit: "ns",
                    samples: try choose(algorithm, among: count), goal: .bestAtMost(goal))
            }
        }
    }

    private static func choose(_ algorithm: Balancer.Algorithm, among count: Int) throws -> [Double] {
        var balancer = try Balancer(.init(algorithm), backends(count), at: .zero)
        var random = RandomStream(seed: 1, name: "gateway", purpose: "choices")
        let hashes = (0..<4_096).map { balancer.hash("session-\($0)") }
        return (0..<9).map { _ in
            let rounds = 200_000
            var sum = 0
            let seconds = secondsTaken {
                for round in 0..<rounds {
                    let now = Instant(nanoseconds: Int64(round) * 1_000)
                    let chosen = balancer.choose(hash: hashes[round & 4_095], at: now, using: &random)
                    sum &+= chosen?.place ?? -1
                }
            }
            precondition(sum >= 0, "there is always somebody to choose")
            return seconds / Double(rounds) * 1e9
        }
    }
}
