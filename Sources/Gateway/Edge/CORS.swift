internal import Timeline

/// Answers browsers that ask whether a page of another origin may do something (the Fetch standard, section 3.2).
///
/// - A preflight is an OPTIONS with `Origin` and `Access-Control-Request-Method`; it is answered here. Any other OPTIONS
///   goes to the backend.
/// - What is allowed gets 204 with the allowing fields, what is not gets 403 without any: a browser refuses both without
///   fields, but only the 403 stands out in a log.
/// - A request that is no preflight is passed on, whatever its origin: where that is not allowed, the answer lacks the
///   fields, and the browser keeps it from the page.
/// - Where the answer depends on the origin it says `Vary: Origin`, even to who names none: else a cache would give that
///   answer to a page that needs the fields.
public struct CORS: Hashable, Sendable {
    /// How it is set.
    public let settings: Settings
    /// What every allowed preflight is answered.
    private let preflightFields: Headers
    /// What every allowed request is answered.
    private let responseFields: Headers

    /// Rules with these settings.
    public init(_ settings: Settings) {
        self.settings = settings
        var shared = Headers()
        if settings.origins == .any { shared.add(.accessControlAllowOrigin, checked: "*") }
        if settings.credentials { shared.add(.accessControlAllowCredentials, checked: "true") }
        var preflight = shared
        let methods = settings.methods.map(\.rawValue).joined(separator: ", ")
        if !methods.isEmpty { preflight.add(.accessControlAllowMethods, checked: methods) }
        let headers = settings.headers.map(\.text).joined(separator: ", ")
        if !headers.isEmpty { preflight.add(.accessControlAllowHeaders, checked: headers) }
        if let maxAge = settings.maxAge {
            preflight.add(.accessControlMaxAge, checked: "\(maxAge.nanoseconds / 1_000_000_000)")
        }
        let exposed = settings.exposed.map(\.text).joined(separator: ", ")
        if !exposed.isEmpty { shared.add(.accessControlExposeHeaders, checked: exposed) }
        preflightFields = preflight
        responseFields = shared
    }

    /// The answer to a preflight; nil for any other request, which goes its way.
    public func preflight(_ request: Request) -> Response? {
        guard request.method == .options, request.headers.contains(.origin),
            let method = request.headers.slot(of: .accessControlRequestMethod)
        else { return nil }
        guard let origin = allowedOrigin(of: request.headers), allowsMethod(request.headers, at: method),
            allowsHeaders(request.headers)
        else {
            var refusal = Response(.forbidden)
            noteDependence(in: &refusal.headers)
            return refusal
        }
        var response = Response(.noContent, headers: preflightFields)
        allow(origin, of: request.headers, in: &response.headers)
        return response
    }

    /// Adds to the answer to a request that is no preflight what lets the page read it; what a backend says of that is
    /// dropped, so that nothing is allowed here or there alone.
    public func decorate(_ response: inout Headers, for request: Headers) {
        if response.present & Self.answerBits != 0 { dropAnswers(of: &response) }
        guard request.contains(.origin), let origin = allowedOrigin(of: request) else {
            return noteDependence(in: &response)
        }
        response.addAll(of: responseFields)
        allow(origin, of: request, in: &response)
    }

    private static let answerBits = HeaderName.bits(of: answers)
    private static let answers: [HeaderName] = [
        .accessControlAllowOrigin, .accessControlAllowCredentials, .accessControlExposeHeaders,
    ]

    private func dropAnswers(of response: inout Headers) {
        for name in Self.answers { response.remove(name) }
    }

    private func allow(_ origin: Range<Int>, of request: Headers, in response: inout Headers) {
        guard settings.origins != .any else { return }
        response.add(.accessControlAllowOrigin, request.storage.span.extracting(origin))
        noteDependence(in: &response)
    }

    private func noteDependence(in response: inout Headers) {
        if settings.origins != .any { response.addElement("Origin", to: .vary, unlessWildcard: true) }
    }

    /// Where the one origin is that the request names, if it is allowed.
    private func allowedOrigin(of headers: Headers) -> Range<Int>? {
        guard let range = headers.onlyValue(of: .origin) else { return nil }
        guard case .these(let origins) = settings.origins else { return range }
        let given = headers.storage.span.extracting(range)
        for origin in origins where given.equals(origin.utf8.span) { return range }
        return nil
    }

    private func allowsMethod(_ headers: Headers, at slot: Int) -> Bool {
        let wanted = headers.storage.span.extracting(headers.slots[slot].value)
        for method in Method.allCases where wanted.equals(method.rawValue.utf8.span) {
            return method == .get || method == .head || method == .post || settings.methods.contains(method)
        }
        return false
    }

    private func allowsHeaders(_ headers: Headers) -> Bool {
        var allows = true
        headers.forEachElement(of: .accessControlRequestHeaders) { range in
            guard allows else { return }
            let wanted = headers.storage.span.extracting(range)
            for name in settings.headers where HeaderName.spells(wanted, name.text) { return }
            allows = false
        }
        return allows
    }
}
