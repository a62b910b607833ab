public import Timeline

extension QueryBus {
    /// Asks a query.
    /// - Parameters:
    ///   - query: the query.
    ///   - caller: the number of whoever wants the answer; of no meaning to the bus.
    ///   - now: the time.
    /// - Returns: an answer, or the validation that comes first.
    public mutating func ask(_ query: Query, from caller: UInt64 = 0, at now: Instant) -> Step {
        guard let type = typeOf[query.type] else {
            unrouted += 1
            let registered = types.map(\.type.name).sorted()
            return .answer(.rejected(.noHandler(type: query.type, registered: registered)), to: [caller])
        }
        types[type].metrics.asked += 1
        do throws(QueryRejection) {
            try types[type].type.check(query)
            if running >= settings.concurrency { throw .busy(limit: settings.concurrency) }
        } catch {
            types[type].metrics.rejected += 1
            return .answer(.rejected(error), to: [caller])
        }
        let waiting = Waiting(caller: caller, since: now, fill: cache.fill())
        return .validate(ticket(of: open(.validating(waiting, query, type: type))))
    }

    /// A caller waits no longer for a query; its execution goes on. False if it did not wait. The cost grows with the
    /// queries under way.
    public mutating func withdraw(_ caller: UInt64, from query: Query) -> Bool {
        for slot in tasks.indices {
            switch tasks[slot] {
            case .validating(let waiting, query, let type) where waiting.caller == caller:
                close(UInt32(slot))
                types[type].metrics.withdrawn += 1
                return true
            case .flight(var flight) where flight.query == query:
                guard let place = flight.callers.firstIndex(where: { $0.caller == caller }) else { continue }
                flight.callers.remove(at: place)
                tasks[slot] = .flight(flight)
                types[flight.type].metrics.withdrawn += 1
                return true
            default: continue
            }
        }
        return false
    }

    /// A valid query: there is a result, or an execution to join, or one begins.
    mutating func validated(_ waiting: Waiting, _ query: Query, _ type: Int, at now: Instant) -> [Step] {
        guard types[type].type.timeToLive != nil else { return begin(query, type, for: [waiting], at: now) }
        if let (result, age) = cache.result(of: query, at: now) {
            types[type].metrics.hits += 1
            let response = response(result, to: query, age: age, missing: [])
            return [tell(.response(response), [waiting], type, at: now)]
        }
        if let slot = flights[query], case .flight(var flight) = tasks[Int(slot)],
            now - flight.startedAt < settings.sharedFor
        {
            types[type].metrics.coalesced += 1
            flight.callers.append(waiting)
            tasks[Int(slot)] = .flight(flight)
            return [.joined]
        }
        types[type].metrics.misses += 1
        return begin(query, type, for: [waiting], at: now)
    }

    /// The answer that all callers of an execution get.
    mutating func tell(_ answer: Answer, _ callers: [Waiting], _ type: Int, at now: Instant) -> Step {
        switch answer {
        case .response: types[type].metrics.answered += callers.count
        case .rejected: types[type].metrics.rejected += callers.count
        case .failed: types[type].metrics.failed += callers.count
        }
        for caller in callers {
            types[type].metrics.duration = types[type].metrics.duration + max(.zero, now - caller.since)
        }
        return .answer(answer, to: callers.map(\.caller))
    }

    func response(
        _ result: QueryResult<Value>, to query: Query, age: Duration, missing: [String]
    ) -> QueryResponse<Value> {
        let start = query.pageStart
        let total = result.page.map { $0.honestTotal(itemsBefore: start?.itemsBefore ?? 0) }
        let next = result.page.flatMap { page in
            page.next.map { key in
                let before = (start?.itemsBefore ?? 0).addingReportingOverflow(page.items)
                let itemsBefore = before.overflow ? Int.max : before.partialValue
                return PageToken(fingerprint: query.fingerprint, itemsBefore: itemsBefore, after: key).text
            }
        }
        return QueryResponse(
            value: result.value, position: result.position, age: age, total: total, nextPage: next, missing: missing)
    }
}

extension QueryType {
    /// Checks what can be known of a query without asking anybody.
    fileprivate func check(_ query: Query) throws(QueryRejection) {
        if reach == .shard, query.key == nil { throw .keyNeeded }
        guard let limit = pageLimit else {
            if query.page != nil { throw .noPages }
            return
        }
        guard let page = query.page else { throw .pageNeeded(limit: limit) }
        guard (1...limit).contains(page.size) else { throw .pageSize(page.size, limit: limit) }
        guard let text = page.token else { return }
        do throws(PageTokenError) {
            guard try PageToken(text).fingerprint == query.fingerprint else { throw .otherQuery }
        } catch {
            throw .pageToken(error)
        }
    }
}

extension Query {
    /// Where its page begins, once its token has been checked.
    var pageStart: PageStart? {
        page.map { page in
            let token = page.token.flatMap { try? PageToken($0) }
            return PageStart(size: page.size, after: token?.after, itemsBefore: token?.itemsBefore ?? 0)
        }
    }
}
