internal import Scenarios
internal import Simulation
internal import Timeline

// What keys do to the run, and what they open.

extension Dashboard {
    /// How far one press of the rewind key goes.
    private static let rewindStep = Duration.seconds(5)
    /// Speeds that the keys reach.
    private static let speeds = 0.0625...1_024.0

    /// Does something to the run, or opens something.
    mutating func act(_ action: RunAction, _ session: inout Session) {
        switch action {
        case .playPause: perform(session.isGoing ? .pause : .play, &session)
        case .rewind: perform(.rewind(.back(Self.rewindStep)), &session)
        case .stepEvent: perform(.step(.events(1)), &session)
        case .faster: perform(.speed(min(session.speed * 2, Self.speeds.upperBound)), &session)
        case .slower: perform(.speed(max(session.speed / 2, Self.speeds.lowerBound)), &session)
        case .mark: mark(&session)
        case .previousMark: goToPreviousMark(&session)
        case .nextMark: goToNextMark(&session)
        case .inject: openForm(session)
        case .heal: healSelection(&session)
        case .healAll: perform(.heal(.all), &session)
        case .why: explain(session)
        case .replay: ask(.replay, session)
        case .rebuild: ask(.rebuild, session)
        case .resume: resume(&session)
        case .prompt: front = .prompt(Prompt(.command))
        case .save: front = .prompt(Prompt(.command, "save "))
        case .theme: changeTheme()
        case .help:
            // A window has a border and a blank at each side.
            let lines = HelpText.lines(look.glyphs, width: width - 4)
            front = .reading(Reading(title: "Keys and signs", lines: lines))
        }
    }

    private mutating func mark(_ session: inout Session) {
        let name = "mark \(session.log.marks.count + 1)"
        perform(.mark(name), &session)
        say("\(name) is at \(Figures.clock(session.now)): [ comes back to it")
    }

    private mutating func goToPreviousMark(_ session: inout Session) {
        let now = session.now
        let earlier = session.log.marks.map(\.time).filter { $0 < now }.max()
        perform(.rewind(.instant(earlier ?? .zero)), &session)
    }

    private mutating func goToNextMark(_ session: inout Session) {
        let now = session.now
        guard let next = session.log.marks.map(\.time).filter({ $0 > now }).min() else {
            say("there is no mark after this moment", isProblem: true)
            return
        }
        perform(.run(.instant(next)), &session)
    }

    private mutating func openForm(_ session: Session) {
        let scene = scene(session)
        let targets = selection(scene)?.faultTargets(scene) ?? scene.plan.faultTargets
        if let form = InjectForm(targets.map { TargetName($0, in: scene.plan) }) { front = .form(form) }
    }

    /// Heals the selected fault, or else the faults on what is selected.
    private mutating func healSelection(_ session: inout Session) {
        let scene = scene(session)
        let selected = selection(scene)
        if case .fault(let number)? = selected {
            perform(.heal(.number(number)), &session)
            return
        }
        let broken = selected?.brokenTargets(scene) ?? []
        if broken.isEmpty { say("nothing is wrong with what is selected; H heals everything", isProblem: true) }
        for target in broken { perform(.heal(.target(TargetName(target, in: scene.plan))), &session) }
    }

    private mutating func explain(_ session: Session) {
        let scene = scene(session)
        guard let id = selection(scene)?.entryToExplain(scene) else {
            front = .reading(Reading(title: "Why?", lines: [Line("nothing has happened to it so far")]))
            return
        }
        let chain = session.simulation.chain(from: id)
        front = .reading(Reading(title: "Why?", lines: WhyText.lines(chain, scene, look.glyphs)))
    }
}
