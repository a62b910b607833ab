/// What the loop does next: one case per host, integers only.
///
/// A subject is the index of a frame, a saga, a load, a fault or a pool. An event never outlives its subject: who
/// frees a subject cancels its timers.
public enum Event: Hashable, Sendable {
    /// A call reaches its service, or its caller again, or may be tried again.
    case call(CallEvent)
    /// A worker of a service is done.
    case service(ServiceEvent)
    /// A breaker goes on by time alone.
    case breaker(BreakerEvent)
    /// A saga's wait or limit is over.
    case saga(SagaEvent)
    /// A request or a user arrives.
    case load(LoadEvent)
    /// A fault ends by itself.
    case fault(FaultEvent)
    /// A balancer looks at its replicas.
    case balancer(BalancerEvent)
    /// Something is due in a pool of connections.
    case pool(PoolEvent)
    /// A second of virtual time has passed: the measured windows close.
    case windowCloses
}

/// What happens to a call between its caller and its service.
public enum CallEvent: Hashable, Sendable {
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
}

/// What happens inside a service.
public enum ServiceEvent: Hashable, Sendable {
    /// The work of this frame is done.
    case worked(UInt32)
}

/// What happens to a breaker by time alone.
public enum BreakerEvent: Hashable, Sendable {
    /// The open time, or the half-open phase, of this breaker is over.
    case due(UInt32)
}

/// What happens to a saga by time alone.
public enum SagaEvent: Hashable, Sendable {
    /// The wait of this saga is over.
    case resumes(UInt32)
    /// The overall limit of this saga has passed.
    case deadline(UInt32)
    /// The limit of this saga's compensation has passed.
    case compensationDeadline(UInt32)
    /// The attempt that this saga waits for has taken too long.
    case attemptLimit(UInt32)
    /// The saga's service had no room for it; it asks again.
    case asksAgain(UInt32)
}

/// What a load does.
public enum LoadEvent: Hashable, Sendable {
    /// The next request of an open load arrives.
    case arrives(UInt32)
    /// A user of a closed load has thought enough.
    case thought(UInt32)
}

/// What happens to a fault by time alone.
public enum FaultEvent: Hashable, Sendable {
    /// The fault in this slot heals.
    case heals(UInt32)
    /// The fault in this slot takes more memory.
    case grows(UInt32)
}

/// What happens to a pool of connections by time alone.
public enum PoolEvent: Hashable, Sendable {
    /// The attempt in this slot to open a connection has ended.
    case connected(UInt32)
    /// The ping in this slot has ended.
    case pinged(UInt32)
    /// Something is due in this pool.
    case due(UInt32)
}

/// What a balancer does by time alone.
public enum BalancerEvent: Hashable, Sendable {
    /// An interval of this balancer's outlier detector ends.
    case intervalEnds(UInt32)
    /// A health check of this replica is due, or the probe that is out has taken too long.
    case checks(UInt32)
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
        case .fault: .fault
        case .call, .service, .breaker, .saga, .load, .pool, .balancer: .work
        }
    }

    /// Kind and subject as one number, for the digest of a run.
    var code: UInt64 {
        switch self {
        case .call(.delivered(let frame)): 1 << 32 | UInt64(frame)
        case .call(.replied(let frame)): 2 << 32 | UInt64(frame)
        case .call(.retries(let frame)): 3 << 32 | UInt64(frame)
        case .call(.timeLimit(let frame)): 4 << 32 | UInt64(frame)
        case .service(.worked(let frame)): 5 << 32 | UInt64(frame)
        case .saga(.resumes(let saga)): 6 << 32 | UInt64(saga)
        case .saga(.deadline(let saga)): 7 << 32 | UInt64(saga)
        case .saga(.compensationDeadline(let saga)): 8 << 32 | UInt64(saga)
        case .saga(.asksAgain(let saga)): 9 << 32 | UInt64(saga)
        case .load(.arrives(let load)): 10 << 32 | UInt64(load)
        case .load(.thought(let load)): 11 << 32 | UInt64(load)
        case .saga(.attemptLimit(let saga)): 12 << 32 | UInt64(saga)
        case .fault(.heals(let fault)): 13 << 32 | UInt64(fault)
        case .windowCloses: 14 << 32
        case .breaker(.due(let breaker)): 26 << 32 | UInt64(breaker)
        case .call(.waitLimit(let frame)): 15 << 32 | UInt64(frame)
        case .call(.proceeds(let frame)): 16 << 32 | UInt64(frame)
        case .call(.hedges(let frame)): 17 << 32 | UInt64(frame)
        case .balancer(.intervalEnds(let balancer)): 40 << 32 | UInt64(balancer)
        case .balancer(.checks(let replica)): 41 << 32 | UInt64(replica)
        case .fault(.grows(let fault)): 29 << 32 | UInt64(fault)
        case .pool(.connected(let slot)): 30 << 32 | UInt64(slot)
        case .pool(.pinged(let slot)): 31 << 32 | UInt64(slot)
        case .pool(.due(let pool)): 32 << 32 | UInt64(pool)
        }
    }
}
