public import Timeline

/// Which responses a cache may store, and for how long they are fresh (RFC 9111, sections 3 and 4.2).
///
/// The rules are those of a shared cache. Where the identity of who asks is part of the key (``ResponseKey``), each
/// identity has a cache of its own: there `private` responses, and those to requests with `Authorization`, may be stored,
/// and `s-maxage` says nothing.
public struct ResponseCaching: Hashable, Sendable {
    /// Whether the identity is part of the key.
    public let isPrivate: Bool
    /// How long a response is fresh that says nothing of it (section 4.2.2); nil for not at all.
    public let defaultLifetime: Duration?
    /// The longest that any response is fresh.
    public let longestLifetime: Duration
    /// The largest body that is stored, in bytes.
    public let mostBytes: Int

    /// Checks the settings.
    /// - Parameters:
    ///   - isPrivate: whether the identity is part of the key; false by default.
    ///   - defaultLifetime: more than 0 s; nil, the default, for not to store what says nothing. Goes for the statuses for
    ///     which that is allowed (RFC 9110, section 15.1).
    ///   - longestLifetime: more than 0 s; a day by default.
    ///   - mostBytes: 0 or more; 1 MiB by default.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        isPrivate: Bool = false, defaultLifetime: Duration? = nil, longestLifetime: Duration = .minutes(24 * 60),
        mostBytes: Int = 1_048_576
    ) throws(SettingError) {
        if let defaultLifetime, defaultLifetime <= .zero {
            throw SettingError("defaultLifetime", given: defaultLifetime, allowed: "more than 0s")
        }
        guard longestLifetime > .zero else {
            throw SettingError("longestLifetime", given: longestLifetime, allowed: "more than 0s")
        }
        guard mostBytes >= 0 else { throw SettingError("mostBytes", given: mostBytes, allowed: "0 or more") }
        self.isPrivate = isPrivate
        self.defaultLifetime = defaultLifetime
        self.longestLifetime = longestLifetime
        self.mostBytes = mostBytes
    }

    /// Whether a request may be answered from a cache at all: GET, and HEAD by what was stored for GET (section 4), but no
    /// parts of a body.
    public func mayAnswer(_ request: Request) -> Bool {
        (request.method == .get || request.method == .head) && !request.headers.contains(.range)
    }

    /// Whether a response may be stored.
    /// - Parameters:
    ///   - askedAt: when the request was sent to the backend; the time from then on counts as age (section 4.2.3).
    ///   - now: when the response was received.
    public func storage(of response: Response, to request: Request, askedAt: Instant, at now: Instant) -> Storage {
        let control = CacheControl(response.headers)
        if let reason = refusal(of: response, to: request, control) { return .refused(reason) }
        let stated = statedLifetime(of: response.headers, control)
        guard let lifetime = stated ?? ruleOfThumb(for: response.status, control) else { return .refused(.lifetime) }
        let freshness = Freshness(
            lifetime: min(lifetime, longestLifetime), initialAge: Self.age(of: response) + max(.zero, now - askedAt),
            receivedAt: now, control: control, isPrivate: isPrivate)
        let isOfUse = freshness.remaining(at: now) > .zero && !control.directives.contains(.noCache)
        // Stale from the start it is still of use to who asks the backend whether it has changed.
        guard isOfUse || response.headers.contains(.eTag) || response.headers.contains(.lastModified) else {
            return .refused(.stale)
        }
        return .stored(freshness)
    }

    private func refusal(of response: Response, to request: Request, _ control: CacheControl) -> StorageRefusal? {
        guard request.method == .get, !request.headers.contains(.range) else { return .method }
        guard Self.isUnderstood(response.status) else { return .status }
        // Section 5.2.2.3: whoever understands the status heeds not the `no-store` beside it.
        if control.directives.contains(.noStore), !control.directives.contains(.mustUnderstand) { return .noStore }
        if request.headers.contains(.cacheControl), CacheControl(request.headers).directives.contains(.noStore) {
            return .noStore
        }
        if response.headers.contains(.vary), response.headers.hasElement("*", in: .vary) { return .varyAny }
        if response.bodySize > mostBytes { return .size }
        return isPrivate ? nil : sharedRefusal(of: response, to: request, control)
    }

    private func sharedRefusal(of response: Response, to request: Request, _ control: CacheControl) -> StorageRefusal? {
        if control.directives.contains(.isPrivate) { return .isPrivate }
        // No rule of the RFC, but of nginx and Varnish: it would give one client's session to all.
        if response.headers.contains(.setCookie) { return .cookie }
        let isAllowed =
            control.sharedMaxAge != nil || !control.directives.isDisjoint(with: [.isPublic, .mustRevalidate])
        return request.headers.contains(.authorization) && !isAllowed ? .authorization : nil
    }

    /// Section 4.2.1: what the response says, the first of these that it says.
    private func statedLifetime(of headers: Headers, _ control: CacheControl) -> Duration? {
        if !isPrivate, let seconds = control.sharedMaxAge { return .seconds(seconds) }
        if let seconds = control.maxAge { return .seconds(seconds) }
        guard headers.contains(.expires) else { return nil }
        // Malformed, or without a date to count from, it is in the past (section 5.3).
        guard let expires = Self.date(.expires, in: headers), let date = Self.date(.date, in: headers) else {
            return .zero
        }
        return .seconds(max(0, expires - date))
    }

    private static func date(_ name: HeaderName, in headers: Headers) -> Int64? {
        guard let range = headers.onlyValue(of: name) else { return nil }
        return HTTPDate.seconds(headers.storage.span.extracting(range))
    }

    private func ruleOfThumb(for status: Status, _ control: CacheControl) -> Duration? {
        let isAllowed = Self.isHeuristicallyCacheable(status) || control.directives.contains(.isPublic)
        return isAllowed ? defaultLifetime : nil
    }

    /// Of what the response and its `Age` say the greater (section 4.2.3). What a clock of the calendar would say of `Date`
    /// is not known here.
    private static func age(of response: Response) -> Duration {
        guard let slot = response.headers.slot(of: .age) else { return max(.zero, response.age) }
        // Of several the first counts (section 5.1).
        let value = response.headers.slots[slot].value
        let bytes = response.headers.storage.span
        var end = value.lowerBound
        while end < value.upperBound, bytes[end] != 0x2c { end += 1 }
        let seconds = Headers.deltaSeconds(bytes, bytes.trimmed(value.lowerBound..<end)) ?? 0
        return max(.zero, response.age, .seconds(seconds))
    }

    /// Whether the cache knows what the status means; parts of bodies and 304 it does not put together.
    private static func isUnderstood(_ status: Status) -> Bool {
        switch status.code {
        case 200, 203, 204, 300, 301, 302, 303, 307, 308, 400...499, 500...599: !status.phrase.isEmpty
        default: false
        }
    }

    /// RFC 9110, section 15.1.
    private static func isHeuristicallyCacheable(_ status: Status) -> Bool {
        switch status.code {
        case 200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501: true
        default: false
        }
    }

    /// Whether what is stored for the target of a request is to be dropped: after a change that may have worked (section
    /// 4.4).
    public static func invalidates(_ method: Method, _ status: Status) -> Bool {
        !method.isSafe && (200...399).contains(status.code)
    }
}

/// Whether a response may be stored.
public enum Storage: Hashable, Sendable {
    /// It may, and answers for so long.
    case stored(Freshness)
    /// It may not.
    case refused(StorageRefusal)
}

/// Why a response may not be stored, or is not worth it.
public enum StorageRefusal: String, CaseIterable, Hashable, Sendable {
    /// The request was no GET of a whole body.
    case method
    /// The status is one that the cache does not understand (section 3).
    case status
    /// The request or the response said `no-store`.
    case noStore
    /// The response is for one client alone, and the identity is no part of the key.
    case isPrivate
    /// The request had `Authorization`, and nothing in the response allows to share it (section 3.5).
    case authorization
    /// The response sets a cookie.
    case cookie
    /// `Vary: *`: no other request is alike (section 4.1).
    case varyAny
    /// The body is too large.
    case size
    /// Nothing says how long it is fresh.
    case lifetime
    /// It is stale already, and nothing in it lets the backend say that it has not changed.
    case stale
}
