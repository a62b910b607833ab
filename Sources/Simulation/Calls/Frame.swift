import EventSourcing
import Timeline

/// A frame and the life of it that is meant: a frame that has been given to another call since is not found.
public struct FrameID: Hashable, Sendable {
    var index: UInt32
    var generation: UInt32
}

/// One attempt of a call on its way: through the guards of its edge, over the network, in the service.
///
/// A call is one frame, plus one for each attempt that a time limit watches: when the limit passes, the outer
/// frame goes on at once and the inner one is left alone with what it holds. No references.
struct Frame: Sendable {
    /// Whom the result goes to.
    enum Owner: Hashable, Sendable {
        /// Nobody: the frame is free.
        case nobody
        /// A load, from which the request came.
        case load(UInt32)
        /// A frame: the work that made the call, or the attempt's part outside its time limit.
        case frame(FrameID)
        /// A saga, for a step or an undo.
        case step(saga: UInt32, attempt: UInt32)
        /// A flow, for an event that was delivered to one of its participants.
        case delivery(UInt32)
        /// A saga, for the moment of a worker's time that it needs to go on.
        case turn(saga: UInt32)
        /// The health checker of a replica, by the replica's number in its chapter, for a probe.
        case probe(replica: UInt32, generation: UInt32)
        /// Nobody in particular: it loads a key for its service's cache.
        case refresh
        /// A replica's queue of writes, for a batch that it has sent.
        case flush(UInt32)

        /// Kind and number as one number, for the digest of a state.
        var code: UInt64 {
            switch self {
            case .nobody: 0
            case .load(let load): 1 << 32 | UInt64(load)
            case .frame(let id): 2 << 32 | UInt64(id.index)
            case .step(let saga, _): 3 << 32 | UInt64(saga)
            case .turn(let saga): 4 << 32 | UInt64(saga)
            case .probe(let replica, _): 5 << 32 | UInt64(replica)
            case .delivery(let delivery): 6 << 32 | UInt64(delivery)
            case .refresh: 7 << 32
            case .flush(let slot): 8 << 32 | UInt64(slot)
            }
        }
    }

    enum Phase: UInt8, Sendable {
        /// Outside the service: at a guard, in line there, with a permit for later, between attempts, behind a guard
        /// that watches the attempt.
        case guarding, waiting, delayed, backingOff, watched
        /// On the network, or held there by a fault.
        case crossing, held
        /// At the service: in its queue, at work, held there by a fault or by a worker that sticks, waiting for a call
        /// of its own.
        case queued, working, hung, stuck, calling
        /// At the door of the service, which has accepted it and does not answer, by a fault.
        case unanswered
        /// At the service, where another call loads what this one wants.
        case joining
        /// At the service, which waits for an event store, or for a projection.
        case appending, awaiting
        /// Waiting for the answer of somebody else, in place of its own.
        case fallingBack
        /// The reply is on the network.
        case returning
    }

    // From here on in an order without gaps: there can be millions of frames, and a keyframe copies them all.
    var owner: Owner = .nobody
    /// The guard that it has reached.
    var stage: UInt8 = 0
    /// The first guard that is this frame's: 0, or the one after a time limit or a hedge.
    var firstStage: UInt8 = 0
    var phase = Phase.guarding
    /// Which of the operation's own calls is under way.
    var callIndex: UInt8 = 0
    /// Which attempt this is, from 1.
    var attempt: UInt8 = 1
    var flags = Flags()
    var outcome = Outcome.ok
    /// The saga and step that it works for.
    var errand = Errand.none
    var edge: UInt16 = 0
    var operation: UInt16 = 0
    /// The load that the request came from: its tenant and its priority.
    var origin: UInt16 = 0
    var generation: UInt32 = 0
    var request: UInt64 = 0
    /// The latest journal entry about this frame.
    var cause = EntryID.none
    var startedAt = Instant.zero
    /// When the present attempt began.
    var attemptAt = Instant.zero
    /// When a worker took it.
    var workAt = Instant.zero
    /// Cents that the call is about.
    var amount: Int64 = 0
    /// From then on nobody waits for the answer any more, as far as the call has been told.
    var deadline = Instant.distantFuture
    var key: UInt32 = 0
    /// What it waits for, if that comes by itself: the network, its work, a time limit, the end of a wait.
    var timer = Agenda.TimerID.none
    /// The frame of the attempt that this one watches, or of the call that it has made; in a service's queue, its
    /// ticket there; of a free frame, the next free one.
    var watched: UInt32 = 0
    /// The version of the row that the latest reading has seen.
    var version: UInt32 = 0
    /// The latest event that was appended on the way.
    var written = Written.nothing
    /// Which replica of the service it goes to.
    var replica: UInt8 = 0
    /// Which of its load's kinds of requests it is, from 1; 0 for what anybody sends who calls its operation.
    var form: UInt8 = 0

    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8
        /// A worker is held.
        static let holdsWorker = Flags(rawValue: 1)
        /// The cache did not have it: fill it.
        static let missedCache = Flags(rawValue: 2)
        /// The cache had it: no work, no errors.
        static let hitCache = Flags(rawValue: 4)
        /// Some attempt of this call may have happened, whatever its outcome says.
        static let mayHaveHappened = Flags(rawValue: 8)
        /// It is at the service without an edge, and nobody counts it.
        static let isInternal = Flags(rawValue: 16)
        /// A fault lets its work fail.
        static let isDoomed = Flags(rawValue: 32)
        /// A fault lets its reply get lost.
        static let losesReply = Flags(rawValue: 64)
        /// A fault lets its work end as the caller's fault.
        static let isFoundInvalid = Flags(rawValue: 128)
    }

    /// What a cache finds the answer by: keys are an operation's own. Nil for a call without a key, and for a
    /// saga's step, which is never a mere reading.
    var cacheKey: UInt64? {
        switch errand.kind {
        case .none, .detour: key == 0 ? nil : CacheTier.key(UInt64(key), operation)
        case .act, .undo: nil
        }
    }

    /// The failure that it ends with if nothing mends it, and all that is known of its attempts.
    var failure: Settlement {
        var settlement = Settlement(outcome)
        if flags.contains(.mayHaveHappened) { settlement.mayHaveHappened = true }
        return settlement
    }

    /// Whether it is the moment of a worker's time that a saga needs.
    var isTurn: Bool { if case .turn = owner { true } else { false } }

    /// Whether it is a health check rather than a call.
    var isProbe: Bool { if case .probe = owner { true } else { false } }

    /// Whether it counts among the calls of its operation.
    var isCounted: Bool { !flags.contains(.isInternal) && !isProbe }

    /// A call that is made on the way.
    func child(owner: FrameID) -> Frame {
        var child = Frame()
        child.owner = .frame(owner)
        child.origin = origin
        child.request = request
        child.deadline = deadline
        child.version = version
        child.written = written
        child.errand = errand.detour
        child.key = key
        child.amount = amount
        child.cause = cause
        return child
    }

    /// Stays behind, to watch the frame of an attempt until its time limit.
    mutating func watch(_ attempt: UInt32, until limit: Agenda.TimerID) {
        phase = .watched
        watched = attempt
        timer = limit
    }

    /// Takes over what came of an attempt, or of a call that it has made.
    mutating func learn(from other: Frame) {
        cause = other.cause
        version = other.version
        written.takeIn(other.written)
    }

    /// The attempt that it watched is back: what that has learnt is the call's from now on.
    mutating func rejoin(_ attempt: Frame) {
        timer = .none
        learn(from: attempt)
    }

    /// Sets out on the network, whatever became of an earlier reply.
    mutating func setOut() {
        phase = .crossing
        flags.remove(.losesReply)
    }

    /// A worker takes the call; whatever an earlier attempt has left is forgotten.
    mutating func takeWorker(at now: Instant) {
        workAt = now
        flags.subtract([.isDoomed, .isFoundInvalid, .hitCache, .missedCache])
        flags.insert(.holdsWorker)
        callIndex = 0
        phase = .working
    }

    /// The result starts on its way back.
    mutating func turnBack(with result: Outcome) {
        outcome = flags.contains(.losesReply) ? .failed(.connectionLost) : result
        phase = .returning
    }
}

/// For which step of which saga a call is made: together, its idempotency key.
struct Errand: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        /// No saga's.
        case none
        /// The step itself.
        case act
        /// The step's undo.
        case undo
        /// A call made on the way by the called service: the saga's, but with no key.
        case detour
    }

    var saga: SagaRef
    /// The step, or of a flow the policy.
    var step: UInt8
    var kind: Kind

    static let none = Errand(saga: .none, step: 0, kind: .none)

    /// The errand of a call that the called service makes itself.
    var detour: Errand {
        kind == .none ? .none : Errand(saga: saga, step: step, kind: .detour)
    }
}

/// The latest event that was appended for somebody, who may want to read it again.
struct Written: Sendable {
    /// Where it stands in its store's log; 0 if nothing was appended.
    private var place: UInt32
    private(set) var store: UInt16

    static let nothing = Written(place: 0, store: 0)

    private init(place: UInt32, store: UInt16) { (self.place, self.store) = (place, store) }

    init(at position: Position, in store: Int) {
        self.init(place: UInt32(clamping: position.number), store: UInt16(store))
    }

    /// Where it stands in the log of a store; nil if it was appended elsewhere, or nothing was.
    func position(in store: Int) -> Position? {
        place > 0 && self.store == UInt16(store) ? Position(Int64(place)) : nil
    }

    /// Takes over what somebody has appended meanwhile: of two stores the one that was written to then.
    mutating func takeIn(_ other: Written) {
        if other.store == store {
            place = max(place, other.place)
        } else if other.place > 0 {
            self = other
        }
    }
}

/// What a call has come to, on its way back.
struct Settlement: Sendable {
    var outcome: Outcome
    /// How long the next attempt should wait at least.
    var retryAfter = Duration.zero
    /// Whether some attempt may have happened although it counts as failed.
    var mayHaveHappened = false

    /// Why it failed, for the journal.
    var why: Why {
        if case .failed(let failure) = outcome { .failure(failure) } else { .itself }
    }

    init(_ outcome: Outcome, retryAfter: Duration = .zero) {
        self.outcome = outcome
        self.retryAfter = retryAfter
        if case .failed(let failure) = outcome { mayHaveHappened = failure.mayHaveHappened }
    }
}
