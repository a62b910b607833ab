public import Timeline

/// Continues the trace that a request comes in, or begins one (W3C Trace Context, section 3.4).
public struct Tracing: Hashable, Sendable {
    /// The share of the new traces that are recorded; 1 by default. Those that come in are recorded if they say so.
    public let sampledShare: Double

    /// Checks the settings.
    /// - Parameter sampledShare: 0 to 1.
    /// - Throws: a ``SettingError`` for a share out of its range.
    public init(sampledShare: Double = 1) throws(SettingError) {
        guard sampledShare >= 0, sampledShare <= 1 else {
            throw SettingError("sampledShare", given: sampledShare, allowed: "0 to 1")
        }
        self.sampledShare = sampledShare
    }

    /// Makes the gateway the parent of what a request causes.
    ///
    /// A request with no `traceparent`, with two, or with a malformed one begins a trace, and loses its `tracestate`, which
    /// belongs to another.
    @discardableResult
    public func trace(_ headers: inout Headers, using random: inout RandomStream) -> TraceContext {
        let range = headers.onlyValue(of: .traceparent)
        let incoming = range.flatMap { TraceContext(bytes: headers.storage.span.extracting($0)) }
        let context = step(from: incoming, using: &random)
        if incoming == nil { headers.remove(.tracestate) }
        if incoming != nil, let range, range.count == TraceContext.textCount {
            context.write(over: &headers.storage, at: range.lowerBound)
        } else {
            headers.replace(.traceparent) { context.write(to: &$0) }
        }
        return context
    }

    /// Tells the client in which trace its request stands.
    public func echo(of request: Headers, to response: inout Headers) {
        guard let slot = request.slot(of: .traceparent) else { return }
        response.replace(.traceparent, with: request.storage.span.extracting(request.slots[slot].value))
    }

    private func step(from incoming: TraceContext?, using random: inout RandomStream) -> TraceContext {
        while true {
            let next =
                if let incoming {
                    TraceContext(
                        traceHigh: incoming.traceHigh, traceLow: incoming.traceLow, parent: random.next(),
                        isSampled: incoming.isSampled)
                } else {
                    TraceContext(
                        traceHigh: random.next(), traceLow: random.next(), parent: random.next(),
                        isSampled: random.chance(sampledShare))
                }
            // Zero, which is no number, is drawn once in 2⁶⁴ times.
            if let next { return next }
        }
    }
}
