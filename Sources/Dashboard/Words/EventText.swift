internal import Scenarios
internal import Screen
internal import Simulation

// How events are put into words, looks and signs, in lists and in detail.

extension What {
    /// How it looks in a list.
    var role: Role {
        switch self {
        case .closed, .restarted, .faultHealed, .completed, .answered, .finishedWork, .stepDone, .replied, .undoDone,
            .healthy, .readmitted, .calmed, .switched, .converged, .sagaRecovered, .undoResolved:
            .good
        case .opened, .crashed, .compensationFailed, .outOfRoom, .faultInjected, .forced, .unhealthy, .ejected,
            .panicked, .leaked, .eventsLost, .projectedAgain, .notPublished, .projectionStopped, .sagaInterrupted,
            .sagaStalled, .sagaKilled, .operatorCalled, .undelivered, .flowOrphaned, .flowParked:
            .bad
        case .failed, .rejected, .timedOut, .backsOff, .gaveUp, .cameTooLate, .failedWork, .turnedAway, .connectionLost,
            .stepFailed, .stepBacksOff, .undoFailed, .overdue, .faultHit, .flushed, .resized, .halfOpened, .cancelled,
            .fellBack, .dropped, .connectFailed, .evicted, .alerted, .conflicted, .concurrent, .diverged, .overruled,
            .setAside, .leftOut, .readStale, .servedStale, .writesLost, .sagaPaused, .stepSkipped, .lockAwaited,
            .eventRefused, .reactionFailed, .answeredByGateway, .awaitsKeys:
            .warning
        case .compensates, .undoStarted, .compensated: .undo
        case .settingChanged, .loadStopped, .leads, .projectionStarted, .replays, .rebuilds, .sagaResumed, .ordered,
            .warms, .deployed, .scaled, .keysFetched, .keysRotated:
            .active
        case .arrived, .sent, .waits, .queued, .startedWork, .joinedLoad, .flushedWrites, .sagaStarted, .sagaLocked,
            .stepStarted, .booked, .hedged, .limitChanged, .connected, .disconnected, .appended, .projected,
            .eventPublished, .eventDelivered, .eventRepeated, .passedStage, .responded, .foundInCache,
            .missedCache, .commandSent, .decided, .queried:
            .text
        }
    }

    /// The sign that goes with its look.
    func sign(_ marks: Glyphs.Marks) -> Unicode.Scalar {
        switch role {
        case .good: marks.check
        case .bad: marks.cross
        case .warning: marks.warning
        case .undo: marks.undo
        case .active: marks.bullet
        default: marks.dot
        }
    }
}

extension Entry {
    /// The entry as a line of text: a fault with what it does, an operator's order with its reason, a guard by its target
    /// where that says enough.
    func news(_ plan: Plan, _ faults: [Fault], _ commands: [TimedAction]) -> String {
        if what == .ordered, let line = order(commands).flatMap({ OrderLine($0, in: plan) }) {
            return "an operator: \(line.text)"
        }
        guard case .fault(let index) = place, Int(index) < faults.count else {
            let name = place.name(plan)
            return (place.shortName(plan) ?? name) + text(plan).dropFirst(name.count)
        }
        return "F\(index + 1) \(what.text): \(faults[Int(index)].plan.summary(plan))"
    }
    /// What an operator wanted that is told of here, if it was something for sagas.
    private func order(_ commands: [TimedAction]) -> SagaOrder? {
        guard case .command(let number) = why, number > 0, Int(number) <= commands.count,
            case .order(let order) = commands[Int(number) - 1].action
        else { return nil }
        return order
    }
}

extension Scene {
    /// An entry as a line of text.
    func news(of entry: Entry) -> String { entry.news(plan, world.faultLog, commands) }
}
