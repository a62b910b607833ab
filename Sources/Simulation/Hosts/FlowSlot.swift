public import Sagas
public import Timeline

/// One flow under way: what has happened in it, and what is on its way.
struct FlowSlot: Sendable {
    /// What its events have come to.
    var flow: Flow
    var request: UInt64
    /// The latest entry about it.
    var cause: EntryID
    /// The latest entry that tells of an event that somebody did not get, or could not deal with.
    var lapse = EntryID.none
    /// The latest event that its participants have appended to a store.
    var written = Written.nothing
    /// What was written down about its events, oldest first.
    var records: [FlowRecord] = []
    /// The event that has parked it and what came after that, to be taken in when it goes on.
    var held: [Publication] = []
    var startedAt: Instant
    /// When it got further for the last time.
    var progressedAt: Instant
    /// What it is about, in cents.
    var amount: Int64
    /// When ``due`` fires.
    var dueAt = Instant.distantFuture
    var due = Agenda.TimerID.none
    var load: UInt32
    /// Who waits for its end.
    var asker = Asker.load
    /// The request in a gateway that has asked for it; 0 if none has.
    var asked: UInt64 = 0
    /// Whom or what it is about.
    var key: UInt32
    /// Deliveries on their way to their subscribers, and frames that work for it, late ones included.
    var underWay: UInt32 = 0
    var nextFree = UInt32.max
    var plan: UInt16
    /// How often an event was delivered again.
    var redeliveries: UInt16 = 0
    /// Whether something has failed, or not come in time.
    var hasTurnedBack = false
    /// Whether the request that started it has been answered.
    var isAnswered = false
    /// How it is counted.
    var standing = FlowStanding.running
}

/// An event of a flow, and who publishes it.
struct Publication: Sendable {
    var event: Flow.Event
    var publisher: FlowRecord.Publisher
    /// The entry that tells of what made it happen.
    var cause: EntryID
}

/// An event on its way to one of its subscribers, until that has dealt with it.
struct Delivery: Sendable {
    /// The slot of its flow.
    var flow: UInt32
    /// What is delivered.
    var publication: Publication
    /// What is to be done.
    var action: Flow.Action
    /// Attempts so far.
    var attempt: UInt16 = 0
    /// The latest entry about it.
    var cause: EntryID
    /// The wait before the present attempt.
    var wait = Duration.zero
    /// Whether some attempt may have happened although it counts as failed.
    var mayHaveHappened = false
}

/// What was written down about one delivery of an event, or about its publication where nobody receives it.
public struct FlowRecord: Hashable, Sendable {
    /// The event.
    public var event: Flow.Event
    /// When.
    public var at: Instant
    /// Who published it.
    public var publisher: Publisher
    /// The policy that it was delivered to; nil for none.
    public var receiver: Int?
    /// What became of it.
    public var outcome: FlowHistory.Outcome

    /// Who publishes an event.
    public enum Publisher: Hashable, Sendable {
        /// Whoever has made the request.
        case outside
        /// A policy has acted, by its number.
        case policy(Int)
        /// The watchdog, because something has not happened in time.
        case watchdog
    }
}
