public import Resilience
public import Timeline

/// Routes requests to compartments, so that the trouble of one cannot spread to the others.
///
/// The rules are asked in order, and the first that matches names the compartment; if none does it is the default one.
/// Compartments share nothing: what is decided in one does not depend on what happens in another.
///
/// Types and tenants are the caller's small numbers.
public struct Isolator: Hashable, Sendable {
    /// The settings in force; ``changeSettings(_:at:)`` replaces them.
    public internal(set) var settings: Settings
    /// The compartments, in the order of the settings.
    public internal(set) var compartments: [Compartment]

    /// An isolator without any calls.
    public init(_ settings: Settings) {
        self.settings = settings
        compartments = settings.compartments.map(Compartment.init)
    }

    /// What a call is routed by, and what its compartment needs to know.
    public struct Request: Hashable, Sendable {
        /// What it asks for.
        public let type: Int
        /// For whom.
        public let tenant: Int
        /// How important it is.
        public let priority: ThreadPool.Priority
        /// When nobody waits for it any more.
        public let deadline: Instant

        /// A request.
        public init(
            type: Int, tenant: Int = 0, priority: ThreadPool.Priority = .normal, deadline: Instant = .distantFuture
        ) {
            self.type = type
            self.tenant = tenant
            self.priority = priority
            self.deadline = deadline
        }
    }

    /// Where a request went, and what was decided there.
    public struct Answer: Hashable, Sendable {
        /// The position of the compartment; name it in the calls that follow.
        public let compartment: Int
        /// What was decided there.
        public let answer: Compartment.Answer
    }

    /// The compartment that a request goes to.
    public func route(_ request: Request) -> Int {
        for rule in settings.rules where rule.matches(request) { return rule.compartment }
        return settings.defaultCompartment
    }

    /// Asks the compartment that a request goes to to let it in.
    public mutating func ask(_ request: Request, task: UInt64, at now: Instant) -> Answer {
        let compartment = route(request)
        let answer = compartments[compartment].ask(
            task, priority: request.priority, deadline: request.deadline, at: now)
        return Answer(compartment: compartment, answer: answer)
    }

    /// Says that a call has ended; nil if the compartment has no such call running.
    public mutating func ended(
        _ permit: Compartment.Permit, in compartment: Int, failure: FailureKind? = nil, forNobody: Bool = false,
        at now: Instant
    ) -> Compartment.Ending? {
        guard compartments.indices.contains(compartment) else { return nil }
        return compartments[compartment].ended(permit, failure: failure, forNobody: forNobody, at: now)
    }

    /// Takes a call that nobody waits for any more out of the queue; nil if it does not wait there.
    public mutating func withdraw(
        _ permit: Compartment.Permit, from compartment: Int, at now: Instant
    ) -> Compartment.Change? {
        guard compartments.indices.contains(compartment) else { return nil }
        return compartments[compartment].withdraw(permit, at: now)
    }

    /// Says how an answer from a compartment's fallback ended; false if it had been said before.
    public mutating func fallbackEnded(
        _ outcome: CircuitBreaker.Outcome, permit: Fallback.Permit, in compartment: Int
    ) -> Bool {
        guard compartments.indices.contains(compartment) else { return false }
        return compartments[compartment].fallbackEnded(outcome, permit: permit)
    }

    /// When a compartment has something to do; nil if time alone changes nothing.
    public var nextEvent: (compartment: Int, at: Instant)? {
        var next: (compartment: Int, at: Instant)?
        for (position, compartment) in compartments.enumerated() {
            guard let at = compartment.nextEvent, at < next?.at ?? .distantFuture else { continue }
            next = (position, at)
        }
        return next
    }

    /// Does what is due in a compartment; nil if there is no such one.
    public mutating func advance(_ compartment: Int, to now: Instant) -> Compartment.Change? {
        guard compartments.indices.contains(compartment) else { return nil }
        return compartments[compartment].advance(to: now)
    }

    /// Replaces the settings of an isolator at work; compartments may be added at the end. Calls stay in the
    /// compartments that they are in, and a compartment whose settings stay the same does not hear of it.
    /// - Returns: what happens in each compartment; nil, and nothing changes, if there are fewer compartments than
    ///   before, or one refuses its settings.
    public mutating func changeSettings(_ new: Settings, at now: Instant) -> [Compartment.Change]? {
        guard new.compartments.count >= compartments.count else { return nil }
        var changed = compartments
        var changes: [Compartment.Change] = []
        for (position, compartment) in new.compartments.prefix(changed.count).enumerated() {
            guard compartment != settings.compartments[position] else {
                changes.append(Compartment.Change())
                continue
            }
            guard let change = changed[position].changeSettings(compartment, at: now) else { return nil }
            changes.append(change)
        }
        for added in new.compartments.dropFirst(changed.count) {
            changed.append(Compartment(added))
            changes.append(Compartment.Change())
        }
        compartments = changed
        settings = new
        return changes
    }
}
