internal import Simulation
internal import Timeline

/// What one line of the events pane tells: one journal entry, or many of a kind in a row.
struct EventLine: Hashable, Sendable {
    /// The first of them.
    let id: EntryID
    /// When the first of them happened.
    let time: Instant
    /// When the last of them happened.
    private(set) var lastTime: Instant
    /// How many there are.
    private(set) var count = 1
    let what: What
    let place: Component
    private let failure: FailureKind
    /// What the first of them says.
    let text: String

    /// What tells entries of the same kind at the same place apart.
    private enum FailureKind: Hashable {
        case none
        case call(Failure)
        case step(UInt8, Failure)
        case policy(UInt8, Failure)
    }

    init(_ entry: Entry, text: String) {
        id = entry.id
        time = entry.time
        lastTime = entry.time
        what = entry.what
        place = entry.place
        failure = Self.failureKind(entry.why)
        self.text = text
    }

    /// How soon the next of a kind must follow to count as one of a row.
    static let gap = Duration.seconds(1)

    /// Counts an entry in if it is one more of the row.
    mutating func takeIn(_ entry: Entry) -> Bool {
        guard entry.what == what, entry.place == place, entry.time - lastTime <= Self.gap,
            Self.failureKind(entry.why) == failure
        else { return false }
        count += 1
        lastTime = entry.time
        return true
    }

    private static func failureKind(_ why: Why) -> FailureKind {
        switch why {
        case .failure(let failure): .call(failure)
        case .stepFailure(let step, let failure): .step(step, failure)
        case .policyFailure(let policy, let failure): .policy(policy, failure)
        case .itself, .attempt, .took, .limit, .delay, .retryAfter, .occupancy, .rate, .failures, .inARow, .health,
            .probes, .step, .undone, .cents, .command, .count, .events, .share, .replicas, .budgetSpent, .closing,
            .bytes, .noMemory, .memory, .filling, .changed, .node, .stream, .event, .alarms, .flowEvent, .refusedEvent,
            .policy, .answer, .stage, .status:
            .none
        }
    }
}

extension What {
    /// Whether the events pane tells of it: what is out of the ordinary, but not each step of what follows from that.
    var isNews: Bool {
        switch self {
        case .backsOff, .stepBacksOff, .undoStarted, .undoDone, .cameTooLate, .cancelled, .connectionLost,
            .limitChanged:
            false
        case .arrived, .answered, .failed, .sent, .replied, .waits, .rejected, .timedOut, .gaveUp, .queued,
            .startedWork, .finishedWork, .failedWork, .turnedAway, .opened, .halfOpened, .closed, .forced, .sagaStarted,
            .stepStarted, .stepDone, .stepFailed, .compensates, .undoFailed, .overdue, .completed, .compensated,
            .compensationFailed, .hedged, .fellBack, .dropped, .unhealthy, .healthy, .ejected, .readmitted, .panicked,
            .calmed, .connected, .disconnected, .connectFailed, .leaked, .evicted, .alerted, .faultInjected, .faultHit,
            .faultHealed, .crashed, .restarted, .flushed, .resized, .scaled, .booked, .settingChanged, .loadStopped,
            .outOfRoom,
            .appended, .conflicted, .leads, .eventsLost, .diverged, .converged, .concurrent, .overruled, .projected,
            .setAside, .leftOut, .projectedAgain, .notPublished, .projectionStopped, .projectionStarted, .replays,
            .rebuilds, .switched, .readStale, .joinedLoad, .servedStale, .flushedWrites, .writesLost, .warms,
            .sagaInterrupted, .sagaRecovered, .sagaStalled, .sagaPaused, .sagaResumed, .sagaKilled, .stepSkipped,
            .undoResolved, .lockAwaited, .sagaLocked, .ordered, .deployed, .operatorCalled, .eventPublished,
            .eventDelivered, .undelivered, .eventRepeated, .eventRefused, .reactionFailed, .flowOrphaned, .flowParked,
            .foundInCache, .missedCache, .commandSent, .decided, .queried, .passedStage, .awaitsKeys,
            .answeredByGateway, .responded, .keysFetched, .keysRotated:
            !isRoutine
        }
    }
}
