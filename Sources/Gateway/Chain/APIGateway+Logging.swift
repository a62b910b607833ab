public import Timeline

extension APIGateway {
    /// What is logged of a request that has passed and been finished; nil if it did not pass the stage for that.
    /// - Parameters:
    ///   - response: what its client gets.
    ///   - reply: what came of it on its way to the backends; nil if its owner has answered it by other means.
    public func logEntry(
        _ exchange: Exchange, _ response: Response, after reply: Reply? = nil, at now: Instant
    ) -> AccessLogEntry? {
        guard exchange.isLogged else { return nil }
        var entry = entry(exchange.received, response, at: now)
        entry.route = routes[exchange.route].name
        entry.identity = exchange.identity.logName
        entry.tenant = exchange.identity.tenant
        guard let reply else { return entry }
        entry.attempts = reply.attempts
        entry.backend = reply.backend
        entry.cause = .proxy(reply.cause)
        return entry
    }

    /// What is logged of a request that the gateway has answered itself.
    func logEntry(_ exchange: Exchange, _ response: Response, _ answer: Answer, at now: Instant) -> AccessLogEntry? {
        var entry = logEntry(exchange, response, at: now)
        entry?.cause = .gateway(answer)
        return entry
    }

    /// What is logged of a request that has no route; nil if nothing is logged.
    func logEntry(_ request: Request, _ response: Response, _ answer: Answer, at now: Instant) -> AccessLogEntry? {
        guard stages.contains(.logging) else { return nil }
        var entry = entry(request, response, at: now)
        entry.cause = .gateway(answer)
        if case .noRoute(let nearest?) = answer { entry.nearest = routes[nearest].name }
        return entry
    }

    private func entry(_ request: Request, _ response: Response, at now: Instant) -> AccessLogEntry {
        var entry = AccessLogEntry(request.method, request.path.text, response.status, at: request.receivedAt)
        entry.bytes = response.bodySize
        entry.took = max(.zero, now - request.receivedAt)
        if ids != nil { entry.requestID = response.headers[.xRequestID] }
        if tracing != nil { entry.traceID = response.headers[.traceparent].flatMap { TraceContext($0)?.traceID } }
        return entry
    }
}
