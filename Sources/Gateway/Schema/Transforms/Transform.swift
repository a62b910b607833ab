public import Timeline

/// What a gateway changes of a request before it passes it on: steps in order; every one has been checked.
public struct RequestTransform: Hashable, Sendable {
    /// One change.
    public enum Step: Hashable, Sendable {
        /// Of the path.
        case path(PathStep)
        /// Of the query.
        case query(QueryStep)
        /// Of the header fields.
        case header(HeaderStep)
        /// Of the fields of the body.
        case field(FieldStep)
    }

    /// How many steps there can be.
    public static let mostSteps = 64

    /// The steps in order; each sees what the one before has left.
    public let steps: [Step]

    /// Checks steps.
    /// - Parameter pattern: that of the route whose requests are changed, if it is known: then a path that is rewritten has
    ///   only its parameters.
    /// - Throws: a ``SettingError`` for a prefix, a name or a value that cannot be, and for more than ``mostSteps``.
    public init(_ steps: [Step], route pattern: PathPattern? = nil) throws(SettingError) {
        try checkCount(steps.count)
        for step in steps {
            switch step {
            case .path(let step):
                try step.check()
                try Self.check(step, pattern)
            case .query(let step): try step.check()
            case .header(let step): try step.check()
            case .field(let step): try step.check()
            }
        }
        self.steps = steps
    }

    private static func check(_ step: PathStep, _ pattern: PathPattern?) throws(SettingError) {
        guard let pattern else { return }
        for name in step.parameterNames where !pattern.parameterNames.contains(name) {
            throw SettingError("parameter", given: name, allowed: "those of \(pattern)")
        }
    }

    /// Makes all changes.
    /// - Parameter arguments: the parameters of the route that the request takes; nil for none.
    /// - Throws: a ``TransformError`` from the first step that cannot be applied; the request is then as the steps before
    ///   have left it.
    public func apply(to request: inout RequestParts, with arguments: PathArguments? = nil) throws(TransformError) {
        for step in steps {
            switch step {
            case .path(let step): try step.apply(to: &request.path, arguments)
            case .query(let step): step.apply(to: &request.query)
            case .header(let step): step.apply(to: &request.headers)
            case .field(let step): try step.apply(to: &request.fields)
            }
        }
    }

    /// The request with all changes, as ``apply(to:with:)`` makes them.
    public func applied(
        to request: RequestParts, with arguments: PathArguments? = nil
    ) throws(TransformError) -> RequestParts {
        var changed = request
        try apply(to: &changed, with: arguments)
        return changed
    }
}

/// What a gateway changes of a response before it passes it back: steps in order; every one has been checked.
public struct ResponseTransform: Hashable, Sendable {
    /// One change.
    public enum Step: Hashable, Sendable {
        /// This status in the place of that one.
        case status(Int, to: Int)
        /// Of the header fields.
        case header(HeaderStep)
        /// Of the fields of the body.
        case field(FieldStep)
    }

    /// The steps in order; each sees what the one before has left. Of the statuses only the first that fits is taken, so
    /// that two can be exchanged.
    public let steps: [Step]

    /// Checks steps.
    /// - Throws: a ``SettingError`` for a status that is not from 200 to 599, or is replaced twice, a name or a value that
    ///   cannot be, and for more than ``RequestTransform/mostSteps``.
    public init(_ steps: [Step]) throws(SettingError) {
        try checkCount(steps.count)
        var replaced: [Int] = []
        for step in steps {
            switch step {
            case .status(let status, let other):
                for status in [status, other] where !(200...599).contains(status) {
                    throw SettingError("status", given: status, allowed: "200 to 599")
                }
                guard !replaced.contains(status) else {
                    throw SettingError("status", given: status, allowed: "each replaced once")
                }
                replaced.append(status)
            case .header(let step): try step.check()
            case .field(let step): try step.check()
            }
        }
        self.steps = steps
    }

    /// Makes all changes.
    /// - Throws: a ``TransformError`` from the first step that cannot be applied; the response is then as the steps before
    ///   have left it.
    public func apply(to response: inout ResponseParts) throws(TransformError) {
        let given = response.status
        for step in steps {
            switch step {
            case .status(let status, let other): if status == given { response.status = other }
            case .header(let step): step.apply(to: &response.headers)
            case .field(let step): try step.apply(to: &response.fields)
            }
        }
    }

    /// The response with all changes, as ``apply(to:)`` makes them.
    public func applied(to response: ResponseParts) throws(TransformError) -> ResponseParts {
        var changed = response
        try apply(to: &changed)
        return changed
    }
}

private func checkCount(_ steps: Int) throws(SettingError) {
    guard steps <= RequestTransform.mostSteps else {
        throw SettingError("steps", given: steps, allowed: "\(RequestTransform.mostSteps) at most")
    }
}
