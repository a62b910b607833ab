public import EventSourcing
import Foundation
public import Timeline

/// A recording that was read: how the run was started, what the operator did, and what happened.
public struct RecordedRun: Sendable {
    /// Something that happened to a component.
    public struct Transition: Hashable, Sendable {
        /// When.
        public let time: Instant
        /// To which component.
        public let component: String
        /// What happened, and why.
        public let text: String
    }

    /// How everything stood at a moment.
    public struct Keyframe: Hashable, Sendable {
        /// When.
        public let time: Instant
        /// The fingerprint of the run by then.
        public let digest: String
        /// All that was written down, as JSON.
        public let text: String
    }

    /// What tells the program that made it from others.
    public private(set) var build = ""
    /// The scenario's name.
    public private(set) var name = ""
    /// The seed.
    public private(set) var seed: UInt64 = 0
    /// All that the operator did, as lines of a timeline.
    public var commands: [String] { (log ?? []).filter(\.isLive).map(\.line) }
    /// What happened to components, in order of time.
    public private(set) var transitions: [Transition] = []
    /// How everything stood, in order of time.
    public private(set) var keyframes: [Keyframe] = []
    /// How it ended; nil if its program was killed before.
    public private(set) var verdict: String?
    /// Up to where it goes.
    public private(set) var end = Instant.zero
    private var start: RecordingForm.Start?
    /// All commands; nil if they are the scenario's own.
    private var log: [RecordingForm.Command]?

    /// Reads a recording.
    /// - Throws: why the store holds none that can be read.
    public init(from store: inout some EventStore) throws(RecordingProblem) {
        var position = Position.start
        while true {
            let page: LogPage
            do throws(EventStoreError) {
                page = try store.readLog(.all, from: position, .forward, limit: PageSize.limit)
            } catch {
                throw .unreadable(error)
            }
            for event in page.events { try take(event) }
            position = page.reached
            if page.isEnd { break }
        }
        if start == nil { throw .noRecording }
    }

    private mutating func take(_ event: RecordedEvent) throws(RecordingProblem) {
        if start == nil, event.event.type != RecordingForm.started { throw .noRecording }
        switch event.event.type {
        case RecordingForm.started: try begin(event)
        case RecordingForm.commandsChanged:
            let changed: RecordingForm.Commands = try RecordingForm.value(event)
            log = changed.commands
            end = max(end, Instant(nanoseconds: changed.at))
        case RecordingForm.turnedBack:
            let back: RecordingForm.Return = try RecordingForm.value(event)
            forget(after: Instant(nanoseconds: back.to))
        case RecordingForm.transition:
            let transition: RecordingForm.Transition = try RecordingForm.value(event)
            let time = Instant(nanoseconds: transition.at)
            transitions.append(Transition(time: time, component: transition.component, text: transition.text))
            end = max(end, time)
        case RecordingForm.keyframe:
            let figures: KeyframeHead = try RecordingForm.value(event)
            let text = String(decoding: event.event.data, as: UTF8.self)
            let time = Instant(nanoseconds: figures.at)
            keyframes.append(Keyframe(time: time, digest: figures.digest, text: text))
            end = max(end, time)
        case RecordingForm.ended:
            let last: RecordingForm.End = try RecordingForm.value(event)
            verdict = last.verdict
            end = max(end, Instant(nanoseconds: last.at))
        default: break
        }
    }

    private struct KeyframeHead: Codable {
        var at: Int64
        var digest: String
    }

    private mutating func begin(_ event: RecordedEvent) throws(RecordingProblem) {
        let read: RecordingForm.Start = try RecordingForm.value(event)
        guard read.layout <= RecordingForm.layout else {
            throw .newer(layout: read.layout, known: RecordingForm.layout)
        }
        start = read
        build = read.build
        name = read.scenario
        seed = read.seed
    }

    private mutating func forget(after moment: Instant) {
        transitions.removeAll { $0.time > moment }
        keyframes.removeAll { $0.time > moment }
        verdict = nil
        end = min(end, moment)
    }

    /// The scenario as it was started.
    /// - Throws: why it cannot be read by this program.
    public func scenario() throws(RecordingProblem) -> Scenario {
        guard let start else { throw .noRecording }
        do {
            return try Scenario(
                parsing: start.text, file: start.file, settings: start.settings.map { ($0.path, $0.value) },
                without: start.without)
        } catch {
            throw .scenario(error)
        }
    }

    /// The run from its beginning, driven as it was, with everything that the operator did still to come at its moment.
    /// - Throws: why this program cannot run it.
    public func session(options: Session.Options) throws(RecordingProblem) -> Session {
        let scenario = try scenario()
        var options = options
        options.isInteractive = start?.isInteractive ?? true
        options.end = start?.end.map { Instant(nanoseconds: $0) }
        return Session(scenario: scenario, options: options, log: try commandLog(of: scenario))
    }

    /// The commands as the run left them.
    private func commandLog(of scenario: Scenario) throws(RecordingProblem) -> CommandLog {
        guard let log else { return CommandLog(scenario.timeline) }
        var commands = CommandLog([])
        for each in log {
            do throws(SyntaxProblem) {
                guard let command = try TimedCommand.parse(each.line[...], plan: scenario.plan) else { continue }
                commands.add(command, isLive: each.isLive)
            } catch {
                throw .damaged("\"\(each.line)\": \(error.message)")
            }
        }
        return commands
    }

    /// What had happened, and how everything stood, by a moment.
    public func state(at moment: Instant) -> (transitions: ArraySlice<Transition>, keyframe: Keyframe?) {
        (transitions.prefix { $0.time <= moment }, keyframes.last { $0.time <= moment })
    }
}
