public import EventSourcing
import Simulation
import Timeline

/// Says what of a run is to be written to its recording, as appends to an event store.
///
/// It is asked from time to time; everything it says together is to be appended in one step. What it says is little,
/// whatever the load: nothing for a single request.
public struct Recorder: Sendable {
    private let build: String
    private var number: UInt64 = 0
    /// The log of commands as it was recorded last; nil while it is the scenario's own.
    private var commands: [RecordingForm.Command]?
    /// Up to where it has recorded.
    private var recorded = Instant.zero
    private var keyframeAt = Instant.zero
    private var keyframeEvents: UInt64 = 0

    /// A keyframe is written when so many events have been executed since the last one, or so much time has passed.
    private static let eventsBetweenKeyframes: UInt64 = 20_000
    private static let timeBetweenKeyframes = Duration.seconds(10)

    /// - Parameter build: what tells this program from others that may run a scenario differently.
    public init(build: String) {
        self.build = build
    }

    /// How the run was started.
    public mutating func start(of session: Session) -> [StreamAppend] {
        let scenario = session.original
        let start = RecordingForm.Start(
            layout: RecordingForm.layout, build: build, scenario: scenario.name, file: scenario.file,
            text: scenario.text, seed: scenario.plan.seed,
            settings: scenario.overrides.map { RecordingForm.Setting(path: $0.path, value: $0.value) },
            without: scenario.removedPatterns, isInteractive: session.options.isInteractive,
            end: session.options.end?.nanoseconds)
        return Self.appends([(RecordingForm.mainStream, event(RecordingForm.started, start))])
    }

    /// What has happened since it was last asked.
    public mutating func news(of session: inout Session) -> [StreamAppend] {
        var events: [(stream: String, event: EventData)] = []
        if session.now < recorded {
            let back = RecordingForm.Return(to: session.now.nanoseconds)
            events.append((RecordingForm.mainStream, event(RecordingForm.turnedBack, back)))
        }
        recorded = session.now
        if let changed = changedCommands(of: session) {
            events.append((RecordingForm.mainStream, event(RecordingForm.commandsChanged, changed)))
        }
        let plan = session.simulation.plan
        for entry in session.takeTransitions() {
            events.append((Self.stream(of: entry.place, plan), event(RecordingForm.transition, entry, plan)))
        }
        if keyframeIsDue(session) { events.append((RecordingForm.keyframeStream, keyframe(of: session))) }
        return Self.appends(events)
    }

    /// How the run has ended.
    public mutating func end(of session: inout Session) -> [StreamAppend] {
        var events: [(stream: String, event: EventData)] = [(RecordingForm.keyframeStream, keyframe(of: session))]
        let end = RecordingForm.End(at: session.now.nanoseconds, verdict: session.verdict.rawValue)
        events.append((RecordingForm.mainStream, event(RecordingForm.ended, end)))
        return Self.together(news(of: &session), Self.appends(events))
    }

    private mutating func changedCommands(of session: Session) -> RecordingForm.Commands? {
        let log = session.log.entries
        guard commands != nil || log.contains(where: \.isLive) || log.count != session.original.timeline.count else {
            return nil
        }
        let latest = log.map { RecordingForm.Command(line: $0.command.text, isLive: $0.isLive) }
        guard latest != commands else { return nil }
        commands = latest
        return RecordingForm.Commands(at: session.now.nanoseconds, commands: latest)
    }

    private func keyframeIsDue(_ session: Session) -> Bool {
        guard session.isAtRest, session.now > .zero else { return false }
        let executed = session.simulation.world.eventsExecuted
        return executed < keyframeEvents || session.now < keyframeAt
            || executed - keyframeEvents >= Self.eventsBetweenKeyframes
            || session.now - keyframeAt >= Self.timeBetweenKeyframes
    }

    private mutating func keyframe(of session: Session) -> EventData {
        keyframeAt = session.now
        keyframeEvents = session.simulation.world.eventsExecuted
        return event(RecordingForm.keyframe, saying: Array(ReportWriter.keyframe(session).line.utf8))
    }

    private mutating func event(_ type: String, _ entry: Entry, _ plan: Plan) -> EventData {
        event(
            type,
            RecordingForm.Transition(
                at: entry.time.nanoseconds, entry: entry.id.number, cause: entry.cause.number,
                component: entry.place.name(plan), what: "\(entry.what)", text: entry.text(plan)))
    }

    private mutating func event(_ type: String, _ value: some Encodable) -> EventData {
        event(type, saying: RecordingForm.bytes(value))
    }

    private mutating func event(_ type: String, saying data: [UInt8]) -> EventData {
        number += 1
        return EventData(id: EventID(high: 0x5341_4741, low: number), type: type, data: data)
    }

    /// The stream of a component: its kind, and its name.
    private static func stream(of place: Component, _ plan: Plan) -> String {
        let kind =
            switch place {
            case .system: "run"
            case .service, .replica: "service"
            case .operation: "operation"
            case .edge: "edge"
            case .guardOn, .guardPart: "guard"
            case .cache: "cache"
            case .saga: "saga"
            case .choreography: "choreography"
            case .load: "load"
            case .fault: "fault"
            case .ledger: "ledger"
            case .store: "store"
            case .projection: "projection"
            case .bus: "bus"
            case .shard: "shard"
            }
        return "\(kind)-\(place.name(plan))"
    }

    /// One append for each stream, in the order in which they come first.
    private static func appends(_ events: [(stream: String, event: EventData)]) -> [StreamAppend] {
        var appends: [StreamAppend] = []
        for (name, event) in events {
            // Sixty characters always fit into a name.
            let name = String(name.prefix(60))
            if let place = appends.firstIndex(where: { $0.stream.text == name }) {
                appends[place].events.append(event)
            } else if let stream = try? StreamName(name) {
                appends.append(StreamAppend([event], to: stream, expecting: .any))
            }
        }
        return appends
    }

    private static func together(_ first: [StreamAppend], _ second: [StreamAppend]) -> [StreamAppend] {
        appends((first + second).flatMap { append in append.events.map { (append.stream.text, $0) } })
    }
}
