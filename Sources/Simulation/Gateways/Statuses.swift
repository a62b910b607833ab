import Gateway

// What a failure of a backend is as a status, and what a status of a gateway is as a failure of its caller's.

extension Status {
    /// What a client hears of how its call to a backend failed (RFC 9110, section 15.6).
    init(_ failure: Failure) {
        self =
            switch failure {
            case .invalid: .badRequest
            case .unauthorized: .unauthorized
            case .notFound: .notFound
            // What was asked for cannot be done as things stand, and was not.
            case .conflict, .soldOut, .voided, .compensated: Status(409)
            case .overLimit: .tooManyRequests
            // Of nginx: the client has closed the connection.
            case .cancelled: Status(499)
            case .error, .dependency, .leftUndone: .internalServerError
            case .refused, .connectionLost: .badGateway
            case .breakerOpen, .bulkheadFull, .queueFull, .outOfRoom, .rateLimited, .throttled, .limitReached,
                .noConnection, .outOfMemory, .dropped, .noReplica:
                .serviceUnavailable
            case .timedOut, .deadlineExceeded: .gatewayTimeout
            }
    }
}

extension Failure {
    /// What a status of 400 or more is to whoever has asked.
    init(_ status: Status) {
        self =
            switch status.code {
            case 401, 403: .unauthorized
            case 404, 405: .notFound
            case 409: .conflict
            case 429: .overLimit
            case 499: .cancelled
            case 400..<500: .invalid
            case 504: .timedOut
            default: .error
            }
    }
}

extension Answer {
    /// The stage that has answered; nil where none was come to.
    var stage: Stage? {
        switch self {
        case .noRoute, .methodNotAllowed, .server: nil
        case .suspicious: .suspicion
        case .preflight: .preflight
        case .globalLimit: .globalLimit
        case .routeLimit: .routeLimit
        case .tenantLimit: .tenantLimit
        case .unauthenticated: .authentication
        case .stored, .onlyIfStored: .cache
        case .body: .body
        case .transform: .transform
        }
    }
}
