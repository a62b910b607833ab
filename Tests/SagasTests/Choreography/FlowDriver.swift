import Sagas
import Timeline

/// A flow on a bus that loses, doubles, delays and reorders, until the network heals; with participants that keep what
/// they have done by its key.
///
/// The model beside the flow is plain sets, in which nothing is ever forgotten: what was acknowledged must not be asked
/// for again, nothing is asked for after the end, and an action is the same whenever it is asked for.
struct FlowDriver {
    let choreography: Choreography
    private(set) var flow: Flow
    private(set) var complaints: [String] = []
    private(set) var redeliveries = 0
    private var random: RandomStream
    private var now = Instant.zero
    private var lossiness: Double
    /// Whether soon after the start nothing arrives any more, until the network heals.
    private let isCutOff: Bool
    /// Events that have been published and that the bus has to deliver until it is told that they are dealt with.
    private var bus: [Flow.Event]
    /// What every participant answered, by the key; nil for an action without an answer.
    private var answers: [UInt64: Flow.Event?] = [:]
    /// The action behind each key.
    private var actions: [UInt64: Flow.Action] = [:]
    private var acknowledged: Set<UInt64> = []
    private var nextOutside: UInt64 = 1_000

    init(_ choreography: Choreography, random: RandomStream) {
        self.choreography = choreography
        self.random = random
        flow = Flow(id: 1)
        bus = [Flow.Event(id: 1, type: 0)]
        lossiness = self.random.uniform() * 0.9
        isCutOff = self.random.chance(0.4)
    }

    /// Runs until the flow is over or parked, and a while beyond that.
    mutating func run() {
        var ticksLeft = 4_000
        var isOver = false
        while ticksLeft > 0 {
            ticksLeft -= 1
            now = now + .milliseconds(100)
            if isCutOff, now == .after(.milliseconds(400)) { lossiness = 1 }
            if now >= .after(.seconds(90)) { lossiness = 0 }
            if random.chance(0.002), let outside = choreography.event(named: "CustomerLeft") {
                nextOutside += 1
                bus.append(Flow.Event(id: nextOutside, type: outside))
            }
            while let expiry = flow.advance(to: now, under: choreography) { follow(expiry.reaction, to: expiry.event) }
            deliverSome()
            if !isOver, isAtRest { (isOver, ticksLeft) = (true, 50) }
        }
        if !isOver { complaints.append("it never ends: \(flow.phase(under: choreography))") }
    }

    /// Whether nothing can happen any more.
    private var isAtRest: Bool {
        switch flow.phase(under: choreography) {
        case .ended, .parked: true
        case .notStarted, .running: false
        }
    }

    /// Delivers what is on the bus in any order, some of it not at all, some of it twice.
    private mutating func deliverSome() {
        for event in shuffled(bus) where !random.chance(lossiness) {
            for _ in 0..<(random.chance(0.3) ? 2 : 1) { deliver(event) }
        }
    }

    private mutating func deliver(_ event: Flow.Event) {
        let wasOver = isAtRest
        let reaction = flow.take(event, at: now, under: choreography)
        let rest: Set<Flow.Reason> = [.flowOver, .flowParked, .duplicate]
        if wasOver, case .ignored(let reason) = reaction, rest.contains(reason) { return }
        if wasOver { complaints.append("\(reaction) after the end") }
        follow(reaction, to: event)
    }

    private mutating func follow(_ reaction: Flow.Reaction, to event: Flow.Event) {
        switch reaction {
        case .act(let asked):
            // S26: it stays on the bus until all of its consequences are out.
            let isDone = asked.map { act($0) }.allSatisfy { $0 }
            if isDone, !random.chance(0.2) { bus.removeAll { $0.id == event.id } }
            if !isDone, !bus.contains(event) { bus.append(event) }
        case .ignored(.duplicate), .ignored(.answeredAlready), .ignored(.tooLate), .ignored(.startedAlready):
            redeliveries += 1
            bus.removeAll { $0.id == event.id }
        case .ended, .parked, .ignored: break
        }
    }

    /// Gives a participant its order, which may get lost, as may the acknowledgement. True if it was acknowledged.
    private mutating func act(_ action: Flow.Action) -> Bool {
        if acknowledged.contains(action.key) { complaints.append("\(action) was acknowledged before") }
        if let known = actions.updateValue(action, forKey: action.key), known != action {
            complaints.append("\(known) and \(action) have one key")
        }
        if actions.values.contains(where: { $0.policy == action.policy && $0.event == action.event && $0 != action }) {
            complaints.append("\(action) has two keys")
        }
        guard !random.chance(lossiness) else { return false }
        if answers[action.key] == nil { answers.updateValue(answer(to: action), forKey: action.key) }
        if let answer = answers[action.key] ?? nil, !bus.contains(answer) { bus.append(answer) }
        guard !random.chance(lossiness) else { return false }
        // An answer that came in meanwhile may have acknowledged it already.
        flow.acknowledge(action, under: choreography)
        acknowledged.insert(action.key)
        return true
    }

    private mutating func answer(to action: Flow.Action) -> Flow.Event? {
        let policy = choreography.policies[action.policy]
        guard !policy.answers.isEmpty else { return nil }
        let names = policy.failure.isEmpty || random.chance(0.6) ? policy.success : policy.failure
        let name = names.isEmpty ? policy.answers[0] : names[Int(random.below(UInt64(names.count)))]
        return choreography.event(named: name).map { action.answer($0) }
    }

    private mutating func shuffled(_ events: [Flow.Event]) -> [Flow.Event] {
        var events = events
        for last in events.indices.reversed() where last > 0 {
            events.swapAt(last, Int(random.below(UInt64(last) + 1)))
        }
        return events
    }
}
