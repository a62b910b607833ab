import Caching
public import Timeline

/// The responses that a gateway has stored (RFC 9111): a bounded number, the least recently used leave first.
///
/// Under a request's key stands the response, or, of responses that vary, by which fields they do; those stand under the
/// keys that follow from these fields.
public struct ResponseStore: Sendable {
    private enum Stored: Sendable {
        case response(Response, Freshness, era: UInt64)
        case varies(Vary, era: UInt64)
    }

    private var entries: LRUCache<ResponseKey, Stored>
    /// Responses that vary belong to the era in which their target was stored first: what was dropped with the target is
    /// not found once it is stored anew.
    private var era: UInt64 = 0

    /// What a look-up came to.
    public enum Look: Sendable {
        /// This response answers, so old.
        case answered(Response, age: Duration)
        /// None does; the backend has to be asked.
        case missed
        /// None does, and the request does not want the backend to be asked.
        case refused
    }

    /// An empty store.
    /// - Parameter capacity: how many responses it holds, with an entry more for each target whose responses vary; fewer
    ///   than 0 count as 0.
    public init(capacity: Int) {
        entries = LRUCache(capacity: capacity)
    }

    /// How many entries it holds.
    public var count: Int { entries.count }

    /// Looks for a response that answers a request.
    public mutating func look(_ key: ResponseKey, _ headers: Headers, at now: Instant) -> Look {
        switch find(key, at: now) {
        case .response(let response, let freshness, _): return answer(response, freshness, headers, now)
        case .varies(let vary, let era):
            if case .response(let response, let freshness, era)? = find(key.varied(by: vary, headers), at: now) {
                return answer(response, freshness, headers, now)
            }
        case nil: break
        }
        return CacheControl(headers).directives.contains(.onlyIfCached) ? .refused : .missed
    }

    private mutating func find(_ key: ResponseKey, at now: Instant) -> Stored? {
        if case .hit(let stored, _) = entries.get(key, at: now) { stored } else { nil }
    }

    private func answer(_ response: Response, _ freshness: Freshness, _ headers: Headers, _ now: Instant) -> Look {
        switch freshness.answer(to: headers, at: now) {
        case .fresh(let age), .stale(let age):
            var response = response
            freshness.stamp(&response, at: now)
            return .answered(response, age: age)
        case .validate: return .missed
        case .refuse: return .refused
        }
    }

    /// Stores a response to a request with these fields.
    public mutating func store(
        _ response: Response, _ freshness: Freshness, under key: ResponseKey, _ headers: Headers, at now: Instant
    ) {
        let vary = Vary(response.headers)
        guard !vary.names.isEmpty else {
            entries.insert(key, .response(response, freshness, era: 0), at: now)
            return
        }
        var era = era
        if case .varies(vary, let known)? = find(key, at: now) {
            era = known
        } else {
            self.era += 1
            era = self.era
            entries.insert(key, .varies(vary, era: era), at: now)
        }
        entries.insert(key.varied(by: vary, headers), .response(response, freshness, era: era), at: now)
    }

    /// Drops what is stored for a target, in all its variants: it may have changed (RFC 9111, section 4.4).
    public mutating func drop(_ key: ResponseKey) {
        entries.remove(key)
    }
}
