import Caching
import Simulation
import Timeline

extension Compiler {
    /// Reads the services, but not what they call: that may be declared further down.
    mutating func readServices(_ pairs: [Tree.Pair]) -> [SectionReader] {
        declare(pairs, as: { .service($0) })
        return pairs.map { pair in
            let reader = SectionReader(pair.value, ServiceKeys.section, &findings)
            var service = ServicePlan(name: pair.key)
            reader.read(ServiceKeys.replicas, into: &service.replicas, &findings)
            service.running = running(reader, of: service.replicas)
            reader.read(ServiceKeys.workers, into: &service.workers, &findings)
            reader.read(ServiceKeys.queue, into: &service.queue, &findings)
            reader.read(QueueKeys.order, into: &service.order, &findings)
            reader.read(QueueKeys.expired, into: &service.expired, &findings)
            reader.read(ServiceKeys.whenFull, into: &service.whenFull, &findings)
            if let longest = reader.value(QueueKeys.maximumWait, &findings) {
                service.maximumWait = longest ?? .maximum
            }
            reader.read(ServiceKeys.latency, into: &service.latency, &findings)
            reader.read(ServiceKeys.errors, into: &service.errors, &findings)
            reader.read(ServiceKeys.invalid, into: &service.invalid, &findings)
            reader.read(ServiceKeys.conflict, into: &service.keepsRow, &findings)
            reader.read(ServiceKeys.stock, into: &service.stock, &findings)
            let isGateway = pair.value["gateway"] != nil
            service.blocking = reader.given(ServiceKeys.blocking, &findings) ?? !isGateway
            if let cache = pair.value["cache"] {
                service.cache = cachePlan(cache.value)
                checkCoherence(of: service, cache.value)
            }
            if let memory = pair.value["memory"] { service.memory = serviceMemory(memory.value) ?? standInForMemory }
            plan.services.append(service)
            declareOperations(of: reader)
            return reader
        }
    }

    /// How many of so many replicas run; nil for all.
    private mutating func running(_ reader: SectionReader, of replicas: Int) -> Int? {
        guard let running = reader.value(ServiceKeys.running, &findings) else { return nil }
        guard running <= replicas else {
            findings.add(
                "running: \(running) is more than replicas, \(replicas)", at: reader.place(of: ServiceKeys.running.name)
            )
            return nil
        }
        return running
    }

    /// Complains about more replicas than can tell each other what they have written.
    private mutating func checkCoherence(of service: ServicePlan, _ cache: Tree) {
        guard service.cache?.coherence != nil, service.replicas > NodeSet.mostNodes else { return }
        findings.add(
            "\(service.replicas) replicas are too many for coherence; allowed: 1 to \(NodeSet.mostNodes)",
            at: cache.place(of: "coherence"))
    }

    private mutating func declareOperations(of reader: SectionReader) {
        let service = plan.services.count - 1
        var declared: [String] = []
        if let gateway = reader.tree["gateway"]?.value {
            declared = declareRoutes(of: gateway)
            for name in declared { addOperation(name, of: service) }
            checkBesideGateway(reader)
        }
        for pair in reader.pairs("operations", of: "operations", &findings) {
            check(name: pair)
            declared.append(pair.key)
            addOperation(pair.key, of: service)
        }
        declaredOperations.append(declared)
    }

    /// A gateway has routes in place of operations, and stores responses in place of values.
    private mutating func checkBesideGateway(_ reader: SectionReader) {
        for (key, instead) in [("operations", "routes of its gateway"), ("cache", "cache of a route")] {
            guard let pair = reader.tree[key] else { continue }
            findings.add("a gateway has no \(key) of its own; see the \(instead)", at: pair.place)
        }
    }

    @discardableResult
    private mutating func addOperation(_ name: String, of service: Int) -> Int {
        let fullName = "\(plan.services[service].name).\(name)"
        operations[fullName] = plan.operations.count
        plan.operations.append(OperationPlan(name: fullName, service: service))
        callPlaces.append([])
        return plan.operations.count - 1
    }

    /// Reads what operations do, now that everything has a name.
    mutating func readOperations(of readers: [SectionReader]) {
        for (service, reader) in readers.enumerated() {
            readWriteBehind(of: service, reader.tree["cache"]?.value)
            for pair in reader.tree["operations"]?.value.pairs ?? [] {
                guard let index = operations["\(plan.services[service].name).\(pair.key)"] else { continue }
                readOperation(index, pair.value)
                checkRow(index, pair.value)
            }
        }
    }

    /// Complains about a tag that is written and that no cache knows, or cannot tell others of.
    private mutating func checkTag(_ index: Int, _ reader: SectionReader) {
        let service = plan.services[plan.operations[index].service]
        guard plan.operations[index].writing == .tag else { return }
        let place = reader.place(of: OperationKeys.writes.name)
        if service.cache?.tags == nil || service.cache?.coherence == nil {
            findings.add("\(service.name) has no cache with tags and coherence; give it both", at: place)
        } else if service.cache?.behind != nil {
            findings.add("a tag cannot be written behind; leave out write behind, or write yes", at: place)
        }
    }

    /// Complains about a row that the service does not keep.
    private mutating func checkRow(_ index: Int, _ tree: Tree) {
        let service = plan.services[plan.operations[index].service]
        guard plan.operations[index].row != .none, !service.keepsRow else { return }
        let place = tree["row"]?.value.place ?? tree.place
        findings.add("\(service.name) keeps no versioned row; give it conflict: version", at: place)
    }

    private mutating func readOperation(_ index: Int, _ tree: Tree) {
        let reader = SectionReader(tree, OperationKeys.section, &findings)
        if let latency = reader.value(OperationKeys.latency, &findings) { plan.operations[index].latency = latency }
        if let errors = reader.value(OperationKeys.errors, &findings) { plan.operations[index].errors = errors }
        reader.read(OperationKeys.row, into: &plan.operations[index].row, &findings)
        reader.read(OperationKeys.stock, into: &plan.operations[index].stock, &findings)
        reader.read(OperationKeys.idempotent, into: &plan.operations[index].isIdempotent, &findings)
        reader.read(OperationKeys.writes, into: &plan.operations[index].writing, &findings)
        checkTag(index, reader)
        let bus = bus(reader)
        plan.operations[index].command = command(reader)
        plan.operations[index].command?.bus = bus
        plan.operations[index].query = query(reader)
        if plan.operations[index].command != nil, plan.operations[index].query != nil {
            findings.add(
                "an operation has a command or a query; keep one", at: reader.place(of: OperationKeys.query.name))
        }
        if let account = reader.value(OperationKeys.books, &findings) {
            plan.operations[index].books = self.account(account)
        }
        readCalls(of: index, reader)
    }

    /// Reads the calls that an operation makes, as a list under `calls`, or one under `call`.
    mutating func readCalls(of index: Int, _ reader: SectionReader) {
        if let call = reader.tree["call"]?.value { addCall(call, to: index) }
        let calls = reader.items("calls", pattern: "[call catalog.read, ...]", &findings)
        if calls.count > Limits.callsOfOperation {
            findings.add(
                "\(calls.count) calls are out of range; allowed: 0 to \(Limits.callsOfOperation)",
                at: reader.place(of: "calls"))
        }
        for call in calls.prefix(Limits.callsOfOperation) { addCall(call, to: index) }
    }

    private mutating func addCall(_ tree: Tree, to index: Int) {
        guard let target = scriptedCall(tree),
            let resolved = resolve(target, from: .operation(index), at: tree.place)
        else { return }
        plan.operations[index].calls.append(resolved)
        callPlaces[index].append(tree.place)
    }

    /// Reads `call catalog.read`, or the operation alone.
    private mutating func scriptedCall(_ tree: Tree) -> OperationNotation.Target? {
        guard let text = tree.text else {
            findings.add("a call is written \"call service.operation\"", at: tree.place)
            return nil
        }
        do {
            var words = Words(text.value, as: "call service.operation")
            _ = words.takes("call")
            let target = try words.value(OperationNotation())
            try words.finish()
            return target
        } catch {
            findings.add(error.message, at: text.start?.moved(by: error.offset) ?? tree.place)
            return nil
        }
    }

    private mutating func account(_ name: String) -> Int {
        if let index = plan.accounts.firstIndex(of: name) { return index }
        guard plan.accounts.count <= Limits.accounts else { return 0 }
        plan.accounts.append(name)
        return plan.accounts.count - 1
    }

    /// The call of an operation from a place, over the edge that leads there; nil, with a finding, if there is no
    /// such operation.
    mutating func resolve(
        _ target: OperationNotation.Target, from source: EdgePlan.Source, at place: Place
    ) -> CallPlan? {
        guard case .service(let service) = names[target.service] else {
            let hint = findings.hint(for: target.service, among: plan.services.lazy.map(\.name))
            findings.add("no service is named \"\(target.service)\"\(hint)", at: place)
            return nil
        }
        let fullName = "\(target.service).\(target.operation)"
        let declared = declaredOperations[service]
        guard
            let operation = operations[fullName]
                ?? (declared.isEmpty ? addOperation(target.operation, of: service) : nil)
        else {
            let hint = findings.hint(for: target.operation, among: declared)
            findings.add("\(target.service) has no operation \"\(target.operation)\"\(hint)", at: place)
            return nil
        }
        if case .load = source {} else { innerCalls.append((operation, place)) }
        return CallPlan(edge: edge(from: source, to: service), operation: operation)
    }
}
