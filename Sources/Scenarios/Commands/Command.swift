public import Resilience
public import Simulation
public import Timeline

/// What an operator can say at the prompt, and a scenario in its timeline.
///
/// Its description is the line that reads back as the same command.
public enum Command: Hashable, Sendable {
    /// A fault is injected.
    case inject(FaultPlan, on: TargetName)
    /// Faults are healed.
    case heal(Healing)
    /// A setting or a rate is changed.
    case set(path: String, value: String)
    /// A breaker is held open or closed, or with nil judges again.
    case force(GuardName, CircuitBreaker.Hold?)
    /// Something is done with a projection.
    case maintain(Maintenance, PlanName)
    /// A command bus carries out its dead letters again.
    case replay(bus: PlanName)
    /// A service's cache loads ahead what its setting chooses.
    case warm(PlanName)
    /// A version of a saga is the one that is started from now on.
    case deploy(PlanName)
    /// Something is done with sagas, for a reason.
    case order(OrderLine)
    /// Something is done with flows of a choreography, for a reason.
    case orderFlows(FlowOrderLine)
    /// A line is shown to whoever watches.
    case caption(String)
    /// The moment gets a name to come back to.
    case mark(String)
    /// The run stops until somebody says otherwise.
    case pause
    /// The run goes on.
    case play
    /// The run goes on a little, and stops.
    case step(Stride)
    /// The run goes on until something, and stops.
    case run(Goal)
    /// So many virtual seconds pass in a second.
    case speed(Double)
    /// The run goes back.
    case rewind(Destination)
    /// The session is written to a scenario file.
    case save(String)
    /// The session is over.
    case quit

    /// What can be done with a projection.
    public enum Maintenance: String, Hashable, Sendable {
        /// It deals again with what it has set aside.
        case replay
        /// Its table is made anew beside the one that serves, and takes over.
        case rebuild
        /// It goes on after it has stopped.
        case resume
    }

    /// Which faults to heal.
    public enum Healing: Hashable, Sendable {
        /// All in force.
        case all
        /// The one with this number, from 1.
        case number(Int)
        /// All in force on a target.
        case target(TargetName)
    }

    /// How far to step.
    public enum Stride: Hashable, Sendable {
        /// So many events.
        case events(Int)
        /// So many events back.
        case eventsBack(Int)
        /// So long.
        case length(Duration)
    }

    /// What to run to.
    public enum Goal: Hashable, Sendable {
        /// A moment.
        case instant(Instant)
        /// The first moment at which something holds.
        case predicate(Predicate)
    }

    /// Where to rewind to.
    public enum Destination: Hashable, Sendable {
        /// So long ago.
        case back(Duration)
        /// A moment.
        case instant(Instant)
        /// The moment with this name.
        case mark(String)
    }
}

extension Command: CustomStringConvertible {
    /// The command as a line.
    public var description: String {
        switch self {
        case .inject(let fault, let target): "inject \(fault.text(on: target))"
        case .heal(.all): "heal all"
        case .heal(.number(let number)): "heal F\(number)"
        case .heal(.target(let target)): "heal \(target.name.asName)"
        case .set(let path, let value): "set \(path.asName) \(value)"
        case .force(let breaker, let hold): "force \(breaker.text) \(Self.name(of: hold))"
        case .maintain(let maintenance, let projection): "\(maintenance.rawValue) \(projection.name.asName)"
        case .replay(let bus): "replay \(bus.name.asName)"
        case .order(let line): line.text
        case .orderFlows(let line): line.text
        case .warm(let service): "warm \(service.name.asName)"
        case .deploy(let saga): "deploy \(saga.name.asName)"
        case .caption(let text): "caption \(text.inQuotes)"
        case .mark(let name): "mark \(name.inQuotes)"
        case .pause: "pause"
        case .play: "play"
        case .step(let stride): "step \(stride.text)"
        case .run(.instant(let instant)): "run to \(instant.exactText)"
        case .run(.predicate(let predicate)): "run until \(predicate)"
        case .speed(let speed): "speed \(Decimals.text(speed))"
        case .rewind(.back(let length)): "rewind \(length.exactText)"
        case .rewind(.instant(let instant)): "rewind to \(instant.exactText)"
        case .rewind(.mark(let name)): "rewind to \(name.inQuotes)"
        case .save(let file): "save \(file.inQuotes)"
        case .quit: "quit"
        }
    }

    /// `open`, `closed`, `metrics-only` or `auto`.
    static func name(of hold: CircuitBreaker.Hold?) -> String {
        switch hold {
        case .open: "open"
        case .closed: "closed"
        case .metricsOnly: "metrics-only"
        case nil: "auto"
        }
    }
}

extension Command.Stride {
    fileprivate var text: String {
        switch self {
        case .events(let count): "\(count)"
        case .eventsBack(let count): "back \(count)"
        case .length(let length): length.exactText
        }
    }
}

extension FaultPlan {
    /// The fault as `inject` writes it: `latency on payment add 800ms jitter 20% for 40s`.
    func text(on target: TargetName) -> String {
        let form = FaultForm(kind)
        var text = "\(form.rawValue) on \(target.name.asName)"
        switch kind {
        case .latency(let add, let jitter):
            text += " add \(add.exactText)"
            if jitter > 0 { text += " jitter \(Decimals.percent(jitter))" }
        case .capacity(let lose):
            text += " lose \(Decimals.percent(lose))"
        case .stuck(let workers):
            text += " workers \(workers)"
        case .allocate(let bytes):
            text += " add \(BytesNotation.text(bytes))"
        case .wrongStatus(let status):
            text += " status \(status)"
        case .error, .hang, .badDeploy, .halfOpen, .crash, .flush, .leak, .hungProbe, .falseAlarm, .cut, .pause, .lose,
            .expiredKey, .spoofedHeader:
            break
        case .interrupt(let point):
            text += " at \(point.rawValue)"
        }
        if probability < 1 { text += " with probability \(Decimals.percent(probability))" }
        if let length { text += " for \(length.exactText)" }
        return text
    }
}
