import Gateway
import Simulation
import Timeline

// Loads whose requests go to a gateway.

extension Compiler {
    /// Which routes of a gateway a load asks for, and who it is.
    mutating func routes(_ reader: SectionReader, _ name: String, load: Int) -> LoadPlan.Target? {
        let gateways = plan.services.filter { $0.gateway != nil }.map(\.name)
        guard case .service(let service) = names[name], let gateway = plan.services[service].gateway else {
            let hint = findings.hint(for: name, among: gateways)
            findings.add("no gateway is named \"\(name.clipped)\"\(hint)", at: reader.place(of: LoadKeys.gateway.name))
            return nil
        }
        // What it accepts is not known of one with mistakes.
        guard !flawedGateways.contains(service) else { return nil }
        plan.loads[load].sender = sender(reader, gateway)
        let shares = shares(reader, gateway, of: service)
        guard !shares.isEmpty else { return nil }
        return .routes(edge: edge(from: .load(load), to: service), shares)
    }

    private mutating func sender(_ reader: SectionReader, _ gateway: GatewayPlan) -> SenderPlan {
        var sender = SenderPlan()
        for field in fields("headers", reader) {
            do throws(RequestError) {
                try sender.headers.append(field.name, field.value)
            } catch {
                findings.add("headers: \(error)", at: reader.place(of: "headers"))
            }
        }
        if let name = reader.value(LoadKeys.apiKey, &findings) {
            // Somebody may well present a key that does not exist; but a slip is likelier.
            let known = gateway.auth.apiKeys.map(\.name)
            if !known.contains(name), name != Self.unknownKey {
                let hint = findings.hint(for: name, among: known + [Self.unknownKey])
                findings.add(
                    "the gateway has no API key \"\(name)\"\(hint)", at: reader.place(of: LoadKeys.apiKey.name))
            }
            sender.credentials = .apiKey(KeyFingerprint(simulating: name))
        }
        if let tree = reader.tree["token"]?.value {
            if gateway.auth.issuer == nil {
                findings.add("the gateway accepts no tokens; give it tokens: {}", at: tree.place)
            }
            sender.credentials = .token(token(tree))
        }
        return sender
    }

    /// The API key of those who have none that the gateway knows.
    private static let unknownKey = "unknown"

    private mutating func token(_ tree: Tree) -> TokenPlan {
        let reader = SectionReader(tree, TokenKeys.section, &findings)
        var token = TokenPlan()
        reader.read(TokenKeys.scopes, into: &token.scopes, &findings)
        reader.read(TokenKeys.life, into: &token.life, &findings)
        token.issuer = reader.value(TokenKeys.issuer, &findings)
        token.audience = reader.value(TokenKeys.audience, &findings)
        switch reader.value(TokenKeys.signature, &findings) ?? .good {
        case .good: break
        case .forged: token.isForged = true
        case .none: token.algorithm = .none
        }
        return token
    }

    /// The shares of a load's requests; they are those of each other, so that 2 %, 1 % and 1 % are a half and quarters.
    private mutating func shares(_ reader: SectionReader, _ gateway: GatewayPlan, of service: Int) -> [RequestShare] {
        let pairs = reader.pairs("routes", of: "shares", &findings)
        if pairs.isEmpty, reader.tree["routes"]?.value.holdsSettings != false {
            findings.add(
                "a load with to needs routes, such as {browse: 70%, order: 30%}", at: reader.place(of: "routes"))
        }
        if pairs.count > Limits.kindsOfRequests {
            findings.add(
                "\(pairs.count) kinds of requests are out of range; allowed: 1 to \(Limits.kindsOfRequests)",
                at: reader.place(of: "routes"))
        }
        var shares = pairs.prefix(Limits.kindsOfRequests).compactMap { share($0, gateway, of: service) }
        let sum = shares.reduce(0) { $0 + $1.share }
        guard sum > 0 else {
            if shares.count == pairs.count, !pairs.isEmpty {
                findings.add("routes: at least one share is more than 0%", at: reader.place(of: "routes"))
            }
            return []
        }
        for place in shares.indices { shares[place].share /= sum }
        return shares
    }

    private mutating func share(_ pair: Tree.Pair, _ gateway: GatewayPlan, of service: Int) -> RequestShare? {
        let key = Key(pair.key, ShareNotation(allowsZero: true), "a share")
        guard let share = SectionReader.value(key, of: pair.value, &findings) else { return nil }
        let own = plan.services[service].name
        guard pair.key.contains(" ") else {
            if let operation = operations["\(own).\(pair.key)"] {
                return RequestShare(operation: operation, share: share)
            }
            let hint = findings.hint(for: pair.key, among: declaredOperations[service])
            findings.add("\(own) has no route \"\(pair.key.clipped)\"\(hint)", at: pair.place)
            return nil
        }
        do {
            let form = try RequestNotation().read(pair.key)
            return RequestShare(operation: operation(of: form, gateway, of: service), share: share, form: form)
        } catch {
            findings.add(error.message, at: pair.place.moved(by: error.offset))
            return nil
        }
    }

    /// The operation under which a request as it is written counts: that of the route that takes it.
    private func operation(of form: RequestForm, _ gateway: GatewayPlan, of service: Int) -> Int {
        var router = Router()
        for route in gateway.routes.dropLast() {
            guard let pattern = route.route.pattern else { continue }
            // Two that take the same requests were refused before.
            _ = try? router.add(pattern, for: route.route.methods)
        }
        let operations = plan.routeOperations(of: service)
        guard let path = try? Target(form.target(key: 1)).path,
            case .matched(let route, _) = router.match(form.method, path.text)
        else { return operations.upperBound - 1 }
        return operations.lowerBound + route
    }
}
