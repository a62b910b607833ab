import Timeline

// What requests become on their way in, and responses on their way out.

extension APIGateway {
    /// Why the body of a request is refused; nil if it is not.
    func refusal(ofBodyOf exchange: borrowing Exchange) -> BodyRefusal? {
        guard let rules = routes[exchange.route].body else { return nil }
        let body = exchange.request.body
        let type = body.isNone ? nil : exchange.request.headers[.contentType]
        return rules.refusal(bytes: body.size, contentType: type) ?? body.fields.flatMap { rules.refusal(of: $0) }
    }

    /// Makes of a request what its route's backend wants; the error if that cannot be.
    func transform(_ exchange: inout Exchange) -> TransformError? {
        guard let transform = routes[exchange.route].request else { return nil }
        let arguments = routes[exchange.route].pattern.map {
            PathArguments(exchange.parameters, of: $0, in: exchange.received.path.text)
        }
        do {
            try transform.apply(to: &exchange.request, with: arguments)
            return nil
        } catch {
            return error
        }
    }

    private static let allow = HeaderName(0, "allow")

    /// The response to a request that is answered without a backend.
    func refusal(_ answer: Answer) -> Response {
        var response = Response(answer.status)
        if let wait = answer.retryAfter { RetryAfter.set(wait, in: &response) }
        switch answer {
        case .methodNotAllowed(let methods), .server(let methods):
            response.headers.add(Self.allow, checked: methods.description)
        case .unauthenticated(let refusal):
            for challenge in authenticator.challenges(for: refusal, realm: settings.realm) {
                response.headers.add(.wwwAuthenticate, checked: challenge)
            }
        default: break
        }
        return response
    }

    /// Tells the client the name and the trace of its request.
    func echo(_ request: Headers, to response: inout Response) {
        ids?.echo(of: request, to: &response.headers)
        tracing?.echo(of: request, to: &response.headers)
    }

    /// What the client gets of a response.
    func finished(_ response: Response, _ exchange: Exchange) -> Response {
        var response = response
        echo(exchange.request.headers, to: &response)
        settings.cors?.decorate(&response.headers, for: exchange.received.headers)
        settings.security?.decorate(&response.headers, over: exchange.request.scheme)
        _ = settings.compression?.compress(&response, for: exchange.request)
        return response
    }
}
