import Gateway
import Resilience
import Timeline

/// The chapter of the gateways: each replica of a service that is one takes requests through its chain.
///
/// What it decides is decided at the moment when a worker takes a request; how long the stages take is added to the
/// work.
struct GatewayHost: Sendable {
    /// A request in a gateway, from a worker's taking it until its answer is back at its caller. What is known of it besides
    /// stands apart, since it is large, and this is read at every step.
    struct Passage: Sendable {
        let site: Int
        let gateway: Int
        let route: Int
        /// When its backend, or the keys of an issuer, were asked for.
        var askedAt = Instant.zero
        var status = Status.ok
        /// How long its caller should wait before it asks again.
        var retryAfter = Duration.zero
        /// Under what its end is counted.
        var end = GatewayEnd.backend
        /// Whether it goes on to a backend, rather than that the gateway answers it itself.
        var hasPassed = false
        /// Whether its status has been counted.
        var isOver = false
    }

    /// A request that waits for the end of what an attempt at it has started.
    struct Waiter: Sendable {
        var frame: FrameID
        /// An earlier attempt that waits for the same.
        var earlier: UInt32?
    }

    /// What a replica tells the others of their shared limit.
    struct News: Sendable {
        var site: Int
        var report: SharedLimit.Report
    }

    var sites: [Site] = []
    var gateways: [APIGateway] = []
    private(set) var passages = Slots<Passage>()
    /// For each frame, where it stands in `passages`; `UInt32.max` for none, and those behind the end have none. Not in the
    /// frame itself, since few of millions of frames are in a gateway.
    private var slotOfFrame: [UInt32] = []
    /// The requests of the passages, as far as the stages have taken them, by the passages' slots.
    private var exchanges: [Exchange?] = []
    /// Requests that wait for what they have started.
    var waiters = Slots<Waiter>()
    /// What replicas have told each other of their shared limit, on its way.
    var news = Slots<News>()
    /// For each service, where it stands in `sites`; -1 for none.
    private var siteOfService: [Int]
    /// For each operation, the route that it is; nil for none.
    private var routeOfOperation: [(site: Int, route: Int)?]
    var senders: Senders
    /// Requests that wait for the keys of each gateway's issuer.
    var awaitingKeys: [[FrameID]] = []
    /// How long it takes to fetch keys.
    private var fetches: RandomStream

    private let seed: UInt64
    private let names: [String]

    init(plan: Plan) {
        seed = plan.seed
        names = plan.services.map(\.name)
        siteOfService = plan.services.map { _ in -1 }
        routeOfOperation = plan.operations.map { _ in nil }
        senders = Senders(plan: plan)
        fetches = RandomStream(seed: plan.seed, name: "gateways", purpose: "keys")
        for (index, service) in plan.services.enumerated() {
            if let gateway = service.gateway { add(gateway, of: index, in: plan) }
        }
    }

    private mutating func add(_ gateway: GatewayPlan, of index: Int, in plan: Plan) {
        let service = plan.services[index]
        let operations = plan.routeOperations(of: index)
        siteOfService[index] = sites.count
        for (route, operation) in operations.enumerated() { routeOfOperation[operation] = (sites.count, route) }
        sites.append(
            Site(
                gateway, of: index, replicas: service.replicas, first: gateways.count,
                firstOperation: operations.lowerBound))
        for replica in 0..<service.replicas {
            var machine = Self.gateway(gateway, name: service.name(ofReplica: replica), seed: plan.seed)
            machine.sharedLimit = Self.share(gateway.sharedLimit, replica, at: .zero)
            gateways.append(machine)
            awaitingKeys.append([])
        }
    }

    private static func gateway(_ plan: GatewayPlan, name: String, seed: UInt64) -> APIGateway {
        do {
            let auth = plan.auth
            let authenticator = Authenticator(
                apiKeys: auth.apiKeys.isEmpty ? nil : try APIKeys(auth.apiKeys),
                tokens: auth.issuer.map { TokenVerifier($0.rules, keys: $0.keys) },
                failures: auth.failures.map { FailureGuard($0) })
            return try APIGateway(
                plan.settings, plan.libraryRoutes, authenticator: authenticator,
                random: RandomStream(seed: seed, name: name, purpose: "gateway"))
        } catch {
            preconditionFailure("a plan's gateways are checked: \(error)")
        }
    }

    /// Takes over changed settings; routes stay as many as they are.
    mutating func change(to plan: Plan, at now: Instant) {
        senders.change(to: plan)
        for index in sites.indices {
            guard let gateway = plan.services[sites[index].service].gateway else { continue }
            let isSharedAnew = gateway.sharedLimit != sites[index].plan.sharedLimit
            sites[index].change(to: gateway)
            for (replica, each) in sites[index].gateways.enumerated() {
                gateways[each].changeSettings(gateway.settings, gateway.libraryRoutes, at: now)
                if isSharedAnew { gateways[each].sharedLimit = Self.share(gateway.sharedLimit, replica, at: now) }
            }
        }
    }

    /// A replica has gone down: what it has stored and knows is gone, and it begins anew.
    mutating func restart(_ replica: Int, of service: Int, at now: Instant) {
        guard let site = site(of: service) else { return }
        let number = sites[site].first + replica
        sites[site].restarts += 1
        gateways[number] = Self.gateway(sites[site].plan, name: "\(names[service]) \(sites[site].restarts)", seed: seed)
        gateways[number].sharedLimit = Self.share(sites[site].plan.sharedLimit, replica, at: now)
        awaitingKeys[number] = []
    }

    private static func share(_ settings: SharedLimit.Settings?, _ replica: Int, at now: Instant) -> SharedLimit? {
        settings.flatMap { try? SharedLimit($0, gateway: replica, at: now) }
    }

    /// Where a service that is a gateway stands among the sites; nil if it is none.
    func site(of service: Int) -> Int? { siteOfService[service] >= 0 ? siteOfService[service] : nil }

    /// The way of a request for an operation at a replica; nil if that is no route.
    func passage(of operation: UInt16, replica: UInt8) -> Passage? {
        guard !sites.isEmpty, let (site, route) = routeOfOperation[Int(operation)] else { return nil }
        return Passage(site: site, gateway: sites[site].first + Int(replica), route: route)
    }

    /// The site of a gateway.
    func site(ofGateway gateway: Int) -> Int {
        sites.lastIndex { $0.first <= gateway } ?? 0
    }

    /// How long it takes to fetch the keys of a site's issuer.
    mutating func sampleFetch(_ site: Int) -> Duration {
        sites[site].issuer?.plan.fetch.sample(using: &fetches) ?? .zero
    }

    /// Whether a frame is in a gateway.
    func holds(frame index: UInt32) -> Bool { Int(index) < slotOfFrame.count && slotOfFrame[Int(index)] != .max }

    /// The passage of a frame that is in a gateway.
    subscript(frame index: UInt32) -> Passage {
        get { passages[slotOfFrame[Int(index)]] }
        _modify { yield &passages[slotOfFrame[Int(index)]] }
    }

    /// A frame enters a gateway.
    mutating func enter(_ passage: Passage, frame index: UInt32) {
        while slotOfFrame.count <= Int(index) { slotOfFrame.append(.max) }
        slotOfFrame[Int(index)] = passages.put(passage)
    }

    /// A frame leaves its gateway; nil if it is in none.
    mutating func leave(frame index: UInt32) -> Passage? {
        guard holds(frame: index) else { return nil }
        _ = takeExchange(ofFrame: index)
        let passage = passages.take(slotOfFrame[Int(index)])
        slotOfFrame[Int(index)] = .max
        return passage
    }

    /// Keeps the request of a frame that is in a gateway.
    mutating func keep(_ exchange: Exchange, ofFrame index: UInt32) {
        let slot = Int(slotOfFrame[Int(index)])
        while exchanges.count <= slot { exchanges.append(nil) }
        exchanges[slot] = exchange
    }

    /// Gives out the request of a frame that is in a gateway, which is not kept any longer.
    mutating func takeExchange(ofFrame index: UInt32) -> Exchange? {
        let slot = Int(slotOfFrame[Int(index)])
        return slot < exchanges.count ? exchanges[slot].take() : nil
    }

    /// What a request presents to say who it is from.
    func credentials(of frame: Frame, _ client: IPAddress, at site: Int, _ now: Instant) -> Credentials {
        var credentials = Credentials(client: client.fingerprint)
        switch senders.credentials(of: frame) {
        case .none: break
        case .apiKey(let key): credentials.apiKey = key
        case .token(let plan):
            let subject = frame.key == 0 ? "somebody" : "user-\(frame.key)"
            credentials.bearer = sites[site].issuer?.token(
                plan, subject: subject, tenant: senders.tenant(of: frame.origin), at: now)
        }
        return credentials
    }
}

extension GatewayHost {
    /// About how many bytes a copy takes once the original goes on: of a stored response with its fields, 1 kB.
    var footprint: Int {
        passages.footprint + slotOfFrame.count * 4 + gateways.reduce(0) { $0 + $1.responses.count << 10 }
    }

    func mix(into digest: inout Digest) {
        passages.mix(into: &digest)
        waiters.mix(into: &digest)
        news.mix(into: &digest)
        for site in sites {
            site.tally.mix(into: &digest)
            site.issuer?.mix(into: &digest)
        }
        for gateway in gateways { digest.mix(UInt64(gateway.passed), UInt64(gateway.responses.count)) }
    }
}
