internal import Scenarios

extension RunStatus {
    /// What the session says about the run.
    init(_ session: Session) {
        switch session.state {
        case .running: motion = .running
        case .draining: motion = .draining
        case .paused(let reason): motion = .paused(reason.text)
        case .ended: motion = .ended
        }
        speed = session.speed
        isHurrying = session.goal != nil
        caption = session.caption ?? ""
        let now = session.now
        let later = session.log.entries.filter { $0.time > now }
        upcoming = later.map { Upcoming(time: $0.time, command: $0.command.command, isReplayed: $0.isLive) }
        for judgement in session.judgements {
            switch judgement.verdict {
            case .pass: passed += 1
            case .fail, .error: failed += 1
            case .inconclusive, nil: undecided += 1
            }
        }
    }
}

extension Session.Pause {
    /// Why time stands still, in a word or two; empty where it is plain.
    fileprivate var text: String {
        switch self {
        case .beginning: "at the beginning"
        case .command: ""
        case .timeline: "by the scenario"
        case .stepped: "after a step"
        case .arrived: "arrived"
        case .rewound: "rewound"
        }
    }
}
