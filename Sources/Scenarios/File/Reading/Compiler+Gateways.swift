import Gateway
import Resilience
import Simulation
import Timeline

// Services that are gateways: their routes are operations.

extension Compiler {
    /// What takes all that no route takes.
    static let fallbackName = "fallback"

    /// Declares the routes of a gateway as operations, the fallback last.
    mutating func declareRoutes(of gateway: Tree) -> [String] {
        let routes = gateway["routes"]?.value.pairs ?? []
        var declared: [String] = []
        for pair in routes {
            check(name: pair)
            if pair.key == Self.fallbackName {
                findings.add("what no route takes is set beside routes, as fallback:", at: pair.place)
            } else if declared.contains(pair.key) {
                findings.add("the route \"\(pair.key.clipped)\" is declared more than once; keep one", at: pair.place)
            } else {
                declared.append(pair.key)
            }
        }
        return declared + [Self.fallbackName]
    }

    /// Reads what the gateways among the services do, now that everything has a name.
    mutating func readGateways(of readers: [SectionReader]) {
        for (service, reader) in readers.enumerated() {
            guard let tree = reader.tree["gateway"]?.value else { continue }
            let problems = findings.problems.count
            plan.services[service].gateway = gateway(tree, of: service)
            if findings.problems.count > problems { flawedGateways.insert(service) }
        }
        checkStarts()
    }

    /// What a gateway is, as far as it was understood.
    private mutating func gateway(_ tree: Tree, of service: Int) -> GatewayPlan {
        let problems = findings.problems.count
        let reader = SectionReader(tree, GatewayKeys.section, &findings)
        let pairs = reader.pairs("routes", of: "routes", &findings)
        var routes: [RoutePlan] = []
        for pair in pairs { routes.append(route(pair, of: service) ?? nowhere(pair.key)) }
        routes.append(fallback(tree["fallback"]?.value, of: service))
        var gateway = GatewayPlan(routes: routes)
        gateway.hasFallback = tree["fallback"] != nil
        gateway.settings = gatewaySettings(reader)
        gateway.auth = auth(reader, service)
        reader.read(GatewayKeys.trusts, into: &gateway.trusted, &findings)
        let writesForwarded = reader.value(GatewayKeys.forwarded, &findings) ?? false
        // A service's name is a token, but for letters of other alphabets.
        let name = plan.services[service].name
        let known = try? Forwarding(trusted: gateway.trusted, name: name, writesForwarded: writesForwarded)
        let plain = try? Forwarding(trusted: gateway.trusted, writesForwarded: writesForwarded)
        gateway.forwarding = known ?? plain ?? .plain
        if let limit = tree["limit"]?.value { readLimit(limit, of: service, into: &gateway) }
        readStages(tree, into: &gateway)
        if findings.problems.count == problems { checkRoutes(gateway, pairs) }
        return gateway
    }

    /// The limit for all clients, of each replica or of all together.
    private mutating func readLimit(_ tree: Tree, of service: Int, into gateway: inout GatewayPlan) {
        let keys = GatewayKeys.SharedLimitKeys.self
        let reader = SectionReader(tree, keys.section, &findings)
        let delay = reader.value(keys.heardAfter, &findings) ?? .zero
        let settings = rateLimit(reader)
        guard let period = reader.value(keys.sharedEvery, &findings) ?? nil, let settings else {
            return gateway.settings.limit = settings
        }
        guard settings.algorithm == .tokenBucket else {
            findings.add(
                "only a token bucket can be shared", at: reader.place(of: LimiterKeys.algorithm.name))
            return
        }
        do throws(SettingError) {
            gateway.sharedLimit = try SharedLimit.Settings(
                TokenBucket.Settings(rate: settings.rate, burst: settings.burst),
                gateways: plan.services[service].replicas, period: period, delay: delay)
        } catch {
            findings.add(error, in: tree)
        }
    }

    /// Complains about two routes that take the same requests, as the library does.
    private mutating func checkRoutes(_ gateway: GatewayPlan, _ pairs: [Tree.Pair]) {
        var router = Router()
        for (route, pair) in zip(gateway.routes, pairs) {
            guard let pattern = route.route.pattern else { continue }
            do throws(SettingError) {
                _ = try router.add(pattern, for: route.route.methods)
            } catch {
                findings.add("\(error)", at: pair.value.place(of: "path"))
            }
        }
    }

    private mutating func gatewaySettings(_ reader: SectionReader) -> GatewaySettings {
        var settings = GatewaySettings()
        do throws(SettingError) {
            switch reader.value(GatewayKeys.naming, &findings) ?? .kept {
            case .kept: settings.ids = try RequestIDs()
            case .new: settings.ids = try RequestIDs(keepsIncoming: false)
            case .none: break
            }
            if let share = reader.value(GatewayKeys.tracing, &findings) ?? nil {
                settings.tracing = try Tracing(sampledShare: share)
            }
            if reader.value(GatewayKeys.suspicious, &findings) == true {
                settings.suspicions = try SuspiciousRequests()
            }
            if reader.value(GatewayKeys.security, &findings) == true { settings.security = try SecurityHeaders() }
            if reader.value(GatewayKeys.compression, &findings) == true { settings.compression = try Compression() }
            settings.storedResponses = reader.value(GatewayKeys.stored, &findings) ?? 0
            if let cors = reader.tree["cors"]?.value { settings.cors = try self.cors(cors) }
        } catch {
            findings.add(error, in: reader.tree)
        }
        return settings
    }

    private mutating func cors(_ tree: Tree) throws(SettingError) -> CORS? {
        let reader = SectionReader(tree, GatewayKeys.CORSKeys.section, &findings)
        let credentials = reader.value(GatewayKeys.CORSKeys.credentials, &findings) ?? false
        let maxAge = reader.value(GatewayKeys.CORSKeys.maxAge, &findings)
        guard let origins = reader.required(GatewayKeys.CORSKeys.origins, &findings) else { return nil }
        do throws(SettingError) {
            return CORS(try CORS.Settings(origins: origins, maxAge: maxAge, credentials: credentials))
        } catch {
            findings.add(error, in: tree)
            return nil
        }
    }

    /// The order of the stages, and how long each takes.
    private mutating func readStages(_ tree: Tree, into gateway: inout GatewayPlan) {
        let keys = GatewayKeys.StageKeys.self
        if let costs = tree["costs"]?.value {
            let reader = SectionReader(costs, keys.costs, &findings)
            for (place, key) in keys.delays.enumerated() {
                reader.read(key, into: &gateway.stageCosts[place], &findings)
            }
        }
        guard let order = tree["order"]?.value else { return }
        let reader = SectionReader(order, keys.order, &findings)
        var priorities: [Stage: Int] = [:]
        var left: [Stage] = []
        for (stage, key) in zip(Stage.allCases, keys.priorities) {
            guard let priority = reader.value(key, &findings) else { continue }
            if let priority { priorities[stage] = priority } else { left.append(stage) }
        }
        do throws(SettingError) {
            gateway.settings.order = try StageOrder(priorities, leavingOut: left)
        } catch {
            let name = Stage.allCases.first { "\($0)" == error.setting }?.name ?? error.setting
            findings.add("\(name): \(error.given); allowed: \(error.allowed)", at: order.place(of: name))
        }
        guard gateway.settings.lacksAuthentication(for: gateway.libraryRoutes) else { return }
        findings.add(
            "authentication: left out, though a route wants to know who asks; allowed: a priority, or auth: open there",
            at: order.place(of: keys.priorities[Int(Stage.authentication.rawValue)].name))
    }

    /// A limit on how often requests may come; what is wrong with it is found.
    mutating func rateLimit(_ reader: SectionReader) -> RateLimiter.Settings? {
        do throws(SettingError) {
            return try rateSettings(reader)
        } catch {
            findings.add(error, in: reader.tree)
            return nil
        }
    }
}

// Who may ask.

extension Compiler {
    private mutating func auth(_ reader: SectionReader, _ service: Int) -> GatewayAuthPlan {
        var auth = GatewayAuthPlan()
        for pair in reader.pairs("api keys", of: "API keys", &findings) {
            check(name: pair)
            if let key = apiKey(pair) { auth.apiKeys.append(key) }
        }
        if let tokens = reader.tree["tokens"]?.value {
            auth.issuer = issuer(tokens, gateway: plan.services[service].name)
        }
        if let failures = reader.tree["failed logins"]?.value {
            let keys = SectionReader(failures, GatewayKeys.FailureKeys.section, &findings)
            do throws(SettingError) {
                auth.failures = try FailureRules(
                    free: keys.value(GatewayKeys.FailureKeys.free, &findings) ?? 5,
                    firstDelay: keys.value(GatewayKeys.FailureKeys.first, &findings) ?? .seconds(1),
                    longestDelay: keys.value(GatewayKeys.FailureKeys.longest, &findings) ?? .minutes(15))
            } catch {
                findings.add(error, in: failures)
            }
        }
        do throws(SettingError) {
            _ = try APIKeys(auth.apiKeys)
        } catch {
            findings.add("\(error)", at: reader.place(of: "api keys"))
        }
        return auth
    }

    private mutating func apiKey(_ pair: Tree.Pair) -> APIKey? {
        let keys = GatewayKeys.APIKeyKeys.self
        let reader = SectionReader(pair.value, keys.section, &findings)
        let tenant = reader.value(keys.tenant, &findings) ?? pair.key
        let scopes = reader.value(keys.scopes, &findings) ?? .none
        let end = reader.value(keys.expires, &findings) ?? nil
        do throws(SettingError) {
            return try APIKey(
                name: pair.key, KeyFingerprint(simulating: pair.key), subject: pair.key, tenant: tenant, scopes: scopes,
                expiresAt: end.map { .after($0) } ?? .distantFuture)
        } catch {
            findings.add("\(error)", at: pair.place)
            return nil
        }
    }

    private mutating func issuer(_ tree: Tree, gateway: String) -> IssuerPlan? {
        let keys = GatewayKeys.IssuerKeys.self
        let reader = SectionReader(tree, keys.section, &findings)
        do throws(SettingError) {
            let rules = try TokenRules(
                issuer: reader.value(keys.issuer, &findings) ?? "https://id.example",
                audiences: [reader.value(keys.audience, &findings) ?? gateway],
                leeway: reader.value(keys.leeway, &findings) ?? .zero,
                longestLife: reader.value(keys.longestLife, &findings) ?? nil)
            let cache = try KeyCacheSettings(
                lifetime: reader.value(keys.kept, &findings) ?? .minutes(10),
                fetchInterval: reader.value(keys.interval, &findings) ?? .seconds(30))
            var issuer = IssuerPlan(rules, keys: cache)
            reader.read(keys.fetch, into: &issuer.fetch, &findings)
            reader.read(keys.lead, into: &issuer.lead, &findings)
            reader.read(keys.overlap, into: &issuer.overlap, &findings)
            issuer.rotation = reader.value(keys.rotation, &findings) ?? nil
            return issuer
        } catch {
            findings.add(error, in: tree)
            return nil
        }
    }
}
