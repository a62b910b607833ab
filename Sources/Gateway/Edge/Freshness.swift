public import Timeline

/// How long a stored response answers requests (RFC 9111, section 4.2).
public struct Freshness: Hashable, Sendable {
    /// How old it may become in all.
    public let lifetime: Duration
    /// How old it was when it was received (section 4.2.3, `corrected_initial_age`).
    public let initialAge: Duration
    /// When it was received.
    public let receivedAt: Instant
    /// What its `Cache-Control` said.
    let control: CacheControl
    let isPrivate: Bool

    init(lifetime: Duration, initialAge: Duration, receivedAt: Instant, control: CacheControl, isPrivate: Bool) {
        self.lifetime = lifetime
        self.initialAge = initialAge
        self.receivedAt = receivedAt
        self.control = control
        self.isPrivate = isPrivate
    }

    /// How much longer it is fresh; zero or less once it is not.
    public func remaining(at now: Instant) -> Duration { lifetime - age(at: now) }

    /// How old it is (section 4.2.3, `current_age`).
    public func age(at now: Instant) -> Duration { initialAge + max(.zero, now - receivedAt) }

    /// Whether it answers a request with these fields, and how (section 4).
    public func answer(to request: Headers, at now: Instant) -> CacheAnswer {
        guard request.contains(.cacheControl) else { return answer(now, within: nil) }
        let wishes = CacheControl(request)
        let answer = wishes.directives.contains(.noCache) ? .validate : answer(now, within: wishes)
        // Section 5.2.1.7: 504 rather than a request to the backend.
        return answer == .validate && wishes.directives.contains(.onlyIfCached) ? .refuse : answer
    }

    private func answer(_ now: Instant, within wishes: CacheControl?) -> CacheAnswer {
        guard !control.directives.contains(.noCache) else { return .validate }
        let age = age(at: now)
        if let maxAge = wishes?.maxAge, age > .seconds(maxAge) { return .validate }
        let remaining = lifetime - age
        if remaining > .zero {
            if let minFresh = wishes?.minFresh, remaining < .seconds(minFresh) { return .validate }
            return .fresh(age: age)
        }
        guard let maxStale = wishes?.maxStale, mayBeStale, remaining > .zero - .seconds(maxStale) else {
            return .validate
        }
        return .stale(age: age)
    }

    /// Whether it answers though it is stale, as the backend failed (RFC 5861, section 4): for as long as the response says
    /// itself, nothing if it forbids that.
    public func answersDespiteError(at now: Instant) -> Bool {
        guard mayBeStale, !control.directives.contains(.noCache), let seconds = control.staleIfError else {
            return remaining(at: now) > .zero && !control.directives.contains(.noCache)
        }
        return remaining(at: now) + .seconds(seconds) > .zero
    }

    /// Section 4.2.4; `s-maxage` forbids it too for a shared cache (section 5.2.2.10).
    private var mayBeStale: Bool {
        if control.directives.contains(.mustRevalidate) { return false }
        return isPrivate || !(control.directives.contains(.proxyRevalidate) || control.sharedMaxAge != nil)
    }

    /// Says in a stored response how old it is: `Age`, in whole seconds rounded down (section 5.1).
    public func stamp(_ response: inout Response, at now: Instant) {
        response.age = age(at: now)
        let seconds = max(0, response.age.nanoseconds / 1_000_000_000)
        response.headers.replace(.age) { $0.append(decimal: seconds) }
    }
}

/// Whether a stored response answers a request.
public enum CacheAnswer: Hashable, Sendable {
    /// It does, so old.
    case fresh(age: Duration)
    /// It does, so old, as the client takes stale ones (RFC 9111, section 5.2.1.2).
    case stale(age: Duration)
    /// Not before the backend was asked.
    case validate
    /// It does not, and the backend is not to be asked: 504 (RFC 9111, section 5.2.1.7).
    case refuse
}
