import Gateway
import Resilience
import Sagas
import Simulation
import Timeline

// The routes of gateways.

extension Compiler {
    mutating func route(_ pair: Tree.Pair, of service: Int) -> RoutePlan? {
        guard let index = operations["\(plan.services[service].name).\(pair.key)"] else { return nil }
        let reader = SectionReader(pair.value, RouteKeys.section, &findings)
        let methods = reader.value(RouteKeys.methods, &findings) ?? nil
        guard let pattern = reader.required(RouteKeys.path, &findings) else { return nil }
        var route = Route(pair.key, methods: methods, pattern: pattern)
        readRules(reader, into: &route)
        let body = route.body?.schema.map { Body($0.rules.map(\.example)) } ?? .none
        let form = RequestForm(methods?.usual ?? .get, matching: pattern, body: body)
        return routePlan(route, form, reader, index)
    }

    /// What becomes of requests that no route takes.
    mutating func fallback(_ tree: Tree?, of service: Int) -> RoutePlan {
        // In the library a route without a pattern takes the rest; without one there is no such route.
        let nowhere = nowhere(Self.fallbackName)
        guard let tree, let index = operations["\(plan.services[service].name).\(Self.fallbackName)"] else {
            return nowhere
        }
        let reader = SectionReader(tree, RouteKeys.fallback, &findings)
        var route = Route(Self.fallbackName, pattern: nil)
        readRules(reader, into: &route)
        return routePlan(route, nowhere.form, reader, index)
    }

    /// A route that takes nothing.
    func nowhere(_ name: String) -> RoutePlan {
        RoutePlan(Route(name, pattern: nil), form: RequestForm(.get, "/nowhere"))
    }

    private mutating func readRules(_ reader: SectionReader, into route: inout Route) {
        reader.read(RouteKeys.auth, into: &route.auth, &findings)
        if let limit = reader.tree["limit"]?.value {
            route.limit = rateLimit(SectionReader(limit, GatewayKeys.RouteLimitKeys.section, &findings))
        }
        if let limit = reader.tree["tenant limit"]?.value {
            route.tenantLimit = rateLimit(SectionReader(limit, GatewayKeys.RouteLimitKeys.section, &findings))
        }
        do throws(SettingError) {
            if let lifetime = reader.value(RouteKeys.cache, &findings) ?? nil {
                route.caching = try ResponseCaching(
                    isPrivate: reader.value(RouteKeys.cachePer, &findings) ?? false, defaultLifetime: lifetime)
            }
            route.body = try bodyRules(reader)
        } catch {
            findings.add(error, in: reader.tree)
        }
        readTransforms(reader, into: &route)
    }

    /// What becomes of requests and responses; what the library has against a step of them is said where they stand.
    private mutating func readTransforms(_ reader: SectionReader, into route: inout Route) {
        let requests: [RequestTransform.Step] = steps("request", RequestStepNotation(), reader)
        let responses: [ResponseTransform.Step] = steps("response", ResponseStepNotation(), reader)
        do throws(SettingError) {
            if !requests.isEmpty { route.request = try RequestTransform(requests, route: route.pattern) }
        } catch {
            findings.add("request: \(error)", at: reader.place(of: "request"))
        }
        do throws(SettingError) {
            if !responses.isEmpty { route.response = try ResponseTransform(responses) }
        } catch {
            findings.add("response: \(error)", at: reader.place(of: "response"))
        }
    }

    private mutating func bodyRules(_ reader: SectionReader) throws(SettingError) -> BodyRules? {
        let most = reader.value(RouteKeys.mostBytes, &findings) ?? 1 << 20
        let pairs = reader.pairs("body", of: "rules for fields", &findings)
        guard reader.tree["body"] != nil else {
            return reader.tree[RouteKeys.mostBytes.name] == nil ? nil : try BodyRules(mostBytes: most)
        }
        var rules: [FieldRule] = []
        for pair in pairs {
            let key = Key(pair.key, FieldNotation(name: pair.key), "a field")
            if let rule = SectionReader.value(key, of: pair.value, &findings) { rules.append(rule) }
        }
        return try BodyRules(
            mostBytes: most, contentTypes: ["application/json"], schema: try Schema(rules))
    }

    private mutating func steps<Form: Notation>(_ key: String, _ form: Form, _ reader: SectionReader) -> [Form.Value] {
        var steps: [Form.Value] = []
        for item in reader.items(key, pattern: "[set header NAME VALUE, ...]", &findings) {
            if let step = SectionReader.value(Key(key, form, "a step"), of: item, &findings) { steps.append(step) }
        }
        return steps
    }

    private mutating func routePlan(
        _ route: Route, _ form: RequestForm, _ reader: SectionReader, _ index: Int
    ) -> RoutePlan {
        var route = RoutePlan(route, form: form)
        route.waits = reader.value(RouteKeys.answer, &findings) ?? true
        if let name = reader.value(RouteKeys.start, &findings) {
            route.starts = start(name, at: reader.place(of: RouteKeys.start.name))
        }
        readCalls(of: index, reader)
        let usual = route.starts == nil ? 200 : route.waits ? 201 : 202
        route.response.status = Status(reader.value(RouteKeys.status, &findings) ?? usual)
        route.response.bodySize = reader.value(RouteKeys.size, &findings) ?? 0
        let own = fields("backend headers", reader).map { (name: $0.name.text, value: $0.value) }
        do throws(SettingError) {
            if !own.isEmpty { route.backendHeaders = try BackendHeaders(own) }
        } catch {
            findings.add("\(error)", at: reader.place(of: "backend headers"))
        }
        readHeaders(reader, into: &route.response.headers)
        return route
    }

    /// The fields of what a backend answers, which may be any that frame no message.
    private mutating func readHeaders(_ reader: SectionReader, into headers: inout Headers) {
        let fields = fields("headers", reader)
        do throws(SettingError) {
            _ = try ResponseTransform(fields.map { .header(.set($0.name, $0.value)) })
        } catch {
            let message = "\(error.given) is out of range; allowed: \(error.allowed)"
            return findings.add("headers: \(message)", at: reader.place(of: "headers"))
        }
        do throws(RequestError) {
            if !fields.contains(where: { $0.name == .contentType }) {
                try headers.append(.contentType, "application/json")
            }
            for field in fields { try headers.append(field.name, field.value) }
        } catch {
            findings.add("headers: \(error)", at: reader.place(of: "headers"))
        }
    }

    /// What a route or a load starts, by its name.
    mutating func start(_ name: String, _ kinds: String = "saga or choreography", at place: Place) -> RoutePlan.Start? {
        switch names[name] {
        case .saga(let saga): return .saga(saga)
        case .choreography(let choreography): return .choreography(choreography)
        default:
            let known = plan.sagas.map(\.definition.name) + plan.choreographies.map(\.choreography.name)
            findings.add("no \(kinds) is named \"\(name)\"\(findings.hint(for: name, among: known))", at: place)
            return nil
        }
    }

    /// The header fields under a key, each with a name that can be one.
    mutating func fields(_ key: String, _ reader: SectionReader) -> [(name: HeaderName, value: String)] {
        reader.pairs(key, of: "fields", &findings).compactMap { pair in
            guard let value = pair.value.text?.value else {
                findings.add("a field is written \"Name: value\"", at: pair.value.place)
                return nil
            }
            do throws(RequestError) {
                return (try HeaderName(pair.key), value)
            } catch {
                findings.add("\(error)", at: pair.place)
                return nil
            }
        }
    }

    /// A saga that a route starts must not come back to the route: it would start another one.
    mutating func checkStarts() {
        let starting = Set(plan.operations.indices.filter { plan.route(of: $0)?.starts != nil })
        guard !starting.isEmpty else { return }
        for call in innerCalls where starting.contains(call.operation) { refuseStart(call.operation, at: call.place) }
    }

    /// Complains about a call from within of a route that starts something.
    mutating func refuseStart(_ operation: Int, at place: Place) {
        findings.add(
            "\(plan.operations[operation].name) starts a saga or a flow; only loads may ask for that", at: place)
    }
}

extension MethodSet {
    /// What a client asks with that may ask with any of them.
    fileprivate var usual: Gateway.Method? { contains(.get) ? .get : sorted.first }
}
