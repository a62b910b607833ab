import CQRS
import Resilience
import Simulation
import Timeline

extension Compiler {
    /// Reads the projections.
    mutating func readProjections(_ pairs: [Tree.Pair]) {
        declare(pairs, as: { .projection($0) })
        for pair in pairs {
            let reader = SectionReader(pair.value, ProjectionKeys.section, &findings)
            var projection = ProjectionPlan(name: pair.key, store: storeRead(by: reader) ?? 0, run: run(reader))
            reader.read(ProjectionKeys.events, into: &projection.category, &findings)
            reader.read(ProjectionKeys.feed, into: &projection.feed, &findings)
            reader.read(ProjectionKeys.filter, into: &projection.filtersAtStore, &findings)
            reader.read(ProjectionKeys.lanes, into: &projection.lanes, &findings)
            reader.read(ProjectionKeys.checkpoint, into: &projection.checkpoint, &findings)
            if let share = reader.value(ProjectionKeys.rebuild, &findings), share < 1 {
                projection.rebuildPace = .share(max(0.001, share))
            }
            reader.read(ProjectionKeys.network, into: &projection.network, &findings)
            reader.read(ProjectionKeys.work, into: &projection.work, &findings)
            reader.read(ProjectionKeys.commit, into: &projection.commit, &findings)
            reader.read(ProjectionKeys.timeout, into: &projection.answerTime, &findings)
            reader.read(ProjectionKeys.poison, into: &projection.poison, &findings)
            reader.read(ProjectionKeys.schema, into: &projection.schema, &findings)
            if let queries = pair.value["queries"] { projection.queries = queryBus(queries.value) }
            plan.projections.append(projection)
        }
    }

    private mutating func storeRead(by reader: SectionReader) -> Int? {
        guard let name = reader.required(ProjectionKeys.reads, &findings) else { return nil }
        let store = plan.stores.firstIndex { $0.name == name }
        if store == nil {
            let hint = findings.hint(for: name, among: plan.stores.map(\.name))
            findings.add(
                "no event store is named \"\(name)\"\(hint)", at: reader.place(of: ProjectionKeys.reads.name))
        }
        if let store, plan.stores[store].availability != nil {
            findings.add(
                "\(name) prefers availability: it has no log that a projection could read; each node hears of "
                    + "events in an order of its own",
                at: reader.place(of: ProjectionKeys.reads.name))
        }
        return store
    }

    /// How the runs of a projection are set; their keys know the ranges.
    private mutating func run(_ reader: SectionReader) -> ProjectionRun.Settings {
        let verdict = reader.value(ProjectionKeys.failing, &findings) ?? .quarantine
        let limit = reader.value(ProjectionKeys.deadLetters, &findings) ?? 1_024
        do throws(SettingError) {
            return try ProjectionRun.Settings(
                batchSize: reader.value(ProjectionKeys.batch, &findings) ?? 500,
                linger: reader.value(ProjectionKeys.linger, &findings) ?? .milliseconds(100),
                readAhead: reader.value(ProjectionKeys.readAhead, &findings) ?? 0,
                poll: reader.value(ProjectionKeys.poll, &findings) ?? .seconds(1),
                eventRetry: RetryPolicy(
                    attempts: reader.value(ProjectionKeys.attempts, &findings) ?? 3,
                    backoff: .exponential(initial: .milliseconds(100), cap: .seconds(10))),
                errors: ErrorPolicy(apply: verdict, undecodable: verdict, unknownType: verdict),
                quarantine: QuarantineLimits(sequences: limit, lettersEach: limit))
        } catch {
            preconditionFailure("the keys have the same ranges: \(error)")
        }
    }

    /// What an operation reads of a projection; nil if it reads nothing, or the projection is not known.
    mutating func query(_ reader: SectionReader) -> QueryPlan? {
        let wait = reader.value(OperationKeys.ownWrites, &findings) ?? nil
        guard let name = reader.given(OperationKeys.query, &findings) else {
            if wait != nil {
                findings.add(
                    "own writes is of use beside a query only", at: reader.place(of: OperationKeys.ownWrites.name))
            }
            return nil
        }
        guard let projection = plan.projections.firstIndex(where: { $0.name == name }) else {
            let hint = findings.hint(for: name, among: plan.projections.map(\.name))
            findings.add("no projection is named \"\(name)\"\(hint)", at: reader.place(of: OperationKeys.query.name))
            return nil
        }
        if wait != nil, plan.projections[projection].feed == .published {
            findings.add(
                "\(name) hears of events by messages, which say nothing of how far it is; "
                    + "to wait for own writes give it feed: log",
                at: reader.place(of: OperationKeys.ownWrites.name))
        }
        return QueryPlan(projection: projection, ownWrites: wait)
    }
}
