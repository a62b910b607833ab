/// What the loop does next: integers only, and no enums within the enum, which the loop would have to take apart by
/// branches that nothing predicts.
///
/// A subject is the index of a frame, a saga, a load, a fault, a pool or the like. An event never outlives its subject:
/// who frees a subject cancels its timers.
public enum Event: Hashable, Sendable {
    // A call, between its caller and its service.
    /// The request of this frame has crossed the network.
    case delivered(UInt32)
    /// The reply of this frame has crossed the network.
    case replied(UInt32)
    /// The back-off of this frame's retry is over.
    case retries(UInt32)
    /// The time limit of this frame has passed.
    case timeLimit(UInt32)
    /// The next attempt of the call that this frame watches is due.
    case hedges(UInt32)
    /// This frame has stood in line for as long as it may.
    case waitLimit(UInt32)
    /// The permit that this frame was given ahead holds from now on.
    case proceeds(UInt32)

    // A service.
    /// The work of this frame is done.
    case worked(UInt32)
    /// A batch of writes of a replica, by service and replica, is due.
    case writesDue(UInt32)
    /// A message between the replicas of a service is there.
    case invalidationArrives(UInt32)
    /// What was lost between the replicas of this service is to be sent again.
    case invalidationsDue(UInt32)
    /// The warmer of a replica, by service and replica, may go on, or has to give up.
    case warmerGoesOn(UInt32)
    /// It is time to warm all replicas of this service.
    case warmingDue(UInt32)
    /// This frame has waited for the load of another one for as long as it should.
    case loadOverdue(UInt32)

    // A breaker.
    /// The open time, or the half-open phase, of this breaker is over.
    case breakerDue(UInt32)

    // A saga.
    /// A wait of this saga is over, or a limit of it has passed.
    case sagaDue(UInt32)
    /// The service of this saga had no room for it; it asks again.
    case sagaAsksAgain(UInt32)
    /// Another orchestrator takes this saga over.
    case sagaTakenOver(UInt32)

    // A choreography.
    /// This event is at its subscriber.
    case eventArrives(UInt32)
    /// A timeout of this flow has passed.
    case flowDue(UInt32)

    // A load.
    /// The next request of this open load arrives.
    case arrives(UInt32)
    /// A user of this closed load has thought enough.
    case thought(UInt32)

    // A fault.
    /// The fault in this slot heals.
    case faultHeals(UInt32)
    /// The fault in this slot takes more memory.
    case faultGrows(UInt32)

    // A balancer.
    /// An interval of this balancer's outlier detector ends.
    case detectionEnds(UInt32)
    /// A health check of this replica is due, or the probe that is out has taken too long.
    case checkDue(UInt32)

    // A pool of connections.
    /// The attempt with this token to open a connection has ended.
    case connected(UInt32)
    /// The ping with this token has ended.
    case pinged(UInt32)
    /// Something is due in this pool.
    case poolDue(UInt32)

    // An event store.
    /// A message between nodes has arrived, or a disk has written.
    case storeWorks(UInt32)
    /// A copy of a partition, by store and copy, is to see whether something is due.
    case storeWakes(UInt32)
    /// A node of a store that prefers availability, by store and node, is to compare what it knows with another one.
    case storeCompares(UInt32)
    /// A command has been read for, has reached its node, or its answer is back.
    case commandGoesOn(UInt32)
    /// The service of this command has waited for long enough.
    case commandLimit(UInt32)

    // A projection.
    /// Something that a lane asked for has got a step further: to its table, to the store, or back.
    case projectionGoesOn(UInt32)
    /// A lane is to see whether there is something to do.
    case projectionWakes(UInt32)
    /// An event that a service has published has arrived.
    case published(UInt32)
    /// The first of those who wait for a projection may have waited for long enough.
    case readersDue(UInt32)

    // A bus.
    /// A handler of a command bus has done its own work, or the wait between two attempts is over.
    case handlerGoesOn(UInt32)
    /// Something in the queue of this bus has waited for its time.
    case busDue(UInt32)
    /// A shard of a query bus has answered.
    case queryExecuted(UInt32)

    // A gateway.
    /// The keys of an issuer have been fetched for this gateway.
    case keysArrive(UInt32)
    /// The issuer of this gateway has a new key.
    case keysRotate(UInt32)
    /// The replicas of this gateway are to tell each other what they have let pass.
    case limitsShared(UInt32)
    /// What a replica of a gateway has told the others is there.
    case limitHeard(UInt32)

    // The run.
    /// A second of virtual time has passed: the measured windows close.
    case windowCloses
}

/// Which of several events of one instant comes first.
public enum EventClass: UInt64, Sendable {
    /// Measured windows close before anything happens in the next one.
    case window = 0
    /// Faults begin and end before the work of their instant.
    case fault = 1
    /// Everything else.
    case work = 2
}

extension Event {
    var eventClass: EventClass {
        switch self {
        case .windowCloses: .window
        case .faultHeals, .faultGrows: .fault
        case .delivered, .replied, .retries, .timeLimit, .hedges, .waitLimit, .proceeds, .worked, .loadOverdue,
            .writesDue, .invalidationArrives, .invalidationsDue, .warmerGoesOn, .warmingDue, .breakerDue, .sagaDue,
            .sagaAsksAgain, .sagaTakenOver, .eventArrives, .flowDue, .arrives, .thought, .detectionEnds, .checkDue,
            .connected, .pinged, .poolDue, .storeWorks, .storeWakes, .storeCompares, .commandGoesOn, .commandLimit,
            .projectionGoesOn, .projectionWakes, .published, .readersDue, .handlerGoesOn, .busDue, .queryExecuted,
            .keysArrive, .keysRotate, .limitsShared, .limitHeard:
            .work
        }
    }

    /// Kind and subject as one number, for the digest of a run.
    var code: UInt64 { UInt64(kind) << 32 | UInt64(subject) }

    /// The number of its kind: never given to another one, so that a run keeps its digest.
    private var kind: UInt8 {
        switch self {
        case .delivered: 1
        case .replied: 2
        case .retries: 3
        case .timeLimit: 4
        case .worked: 5
        case .sagaDue: 47
        case .sagaTakenOver: 48
        case .sagaAsksAgain: 9
        case .eventArrives: 49
        case .flowDue: 50
        case .loadOverdue: 51
        case .writesDue: 52
        case .invalidationArrives: 53
        case .invalidationsDue: 54
        case .warmerGoesOn: 55
        case .warmingDue: 56
        case .arrives: 10
        case .thought: 11
        case .faultHeals: 13
        case .windowCloses: 14
        case .waitLimit: 15
        case .proceeds: 16
        case .hedges: 17
        case .breakerDue: 26
        case .faultGrows: 29
        case .connected: 30
        case .pinged: 31
        case .poolDue: 32
        case .storeWorks: 33
        case .storeWakes: 34
        case .commandGoesOn: 35
        case .commandLimit: 36
        case .projectionGoesOn: 37
        case .projectionWakes: 38
        case .published: 39
        case .detectionEnds: 40
        case .checkDue: 41
        case .readersDue: 42
        case .handlerGoesOn: 43
        case .busDue: 44
        case .queryExecuted: 45
        case .storeCompares: 46
        case .keysArrive: 57
        case .keysRotate: 58
        case .limitsShared: 59
        case .limitHeard: 60
        }
    }

    /// Whom it is about; 0 for the run as a whole.
    private var subject: UInt32 {
        switch self {
        case .delivered(let subject), .replied(let subject), .retries(let subject), .timeLimit(let subject),
            .hedges(let subject), .waitLimit(let subject), .proceeds(let subject), .worked(let subject),
            .loadOverdue(let subject), .writesDue(let subject), .invalidationArrives(let subject),
            .invalidationsDue(let subject), .warmerGoesOn(let subject), .warmingDue(let subject),
            .breakerDue(let subject), .sagaDue(let subject), .sagaAsksAgain(let subject), .sagaTakenOver(let subject),
            .eventArrives(let subject), .flowDue(let subject), .arrives(let subject), .thought(let subject),
            .faultHeals(let subject), .faultGrows(let subject), .detectionEnds(let subject), .checkDue(let subject),
            .connected(let subject), .pinged(let subject), .storeWorks(let subject), .storeWakes(let subject),
            .storeCompares(let subject), .commandGoesOn(let subject), .commandLimit(let subject),
            .projectionGoesOn(let subject), .projectionWakes(let subject), .published(let subject),
            .readersDue(let subject), .handlerGoesOn(let subject), .busDue(let subject), .queryExecuted(let subject),
            .poolDue(let subject), .keysArrive(let subject), .keysRotate(let subject),
            .limitsShared(let subject), .limitHeard(let subject):
            subject
        case .windowCloses: 0
        }
    }
}
