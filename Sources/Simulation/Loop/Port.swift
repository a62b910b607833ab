import Timeline

/// The one way out of a host: it schedules, takes notes, and names who may go on. There is no host inside.
struct Port: Sendable {
    private(set) var now = Instant.zero
    var agenda = Agenda()
    /// Frames that may go on, in order; the loop drains it.
    var ready: [UInt32] = []
    /// Frames that a guard or a queue lets wait no longer, and why. Like those that are ready they are told by the loop,
    /// when nobody is in the middle of anything.
    var turnedAway: [(frame: UInt32, failure: Failure)] = []
    /// What has changed that somebody may be waiting to see.
    var touched: Watch = []
    /// Notes not yet taken to the journal.
    var notes: [Entry] = []
    var takesNotes = true
    /// Whether what happens to components is noted even where nothing else is.
    var takesTransitions = false
    /// Lookups of caches not yet taken to their logs.
    var lookups: [CacheLookup] = []
    var takesLookups = false
    private(set) var nextEntry = EntryID(1)
    private(set) var digest = Digest()
    private(set) var executed: UInt64 = 0

    /// Takes the next event that is due by `limit`, and moves the clock to it.
    mutating func next(by limit: Instant) -> Event? {
        guard let due = agenda.popNext(by: limit) else { return nil }
        now = due.time
        executed += 1
        digest.mix(UInt64(bitPattern: due.time.nanoseconds), due.event.code)
        return due.event
    }

    /// Moves the clock on where nothing happens.
    mutating func advance(to time: Instant) {
        now = max(now, time)
    }

    /// Schedules an event so long from now.
    @discardableResult
    mutating func schedule(after delay: Duration, _ event: Event) -> Agenda.TimerID {
        agenda.schedule(event, at: now + max(.zero, delay))
    }

    mutating func cancel(_ timer: inout Agenda.TimerID) {
        agenda.cancel(timer)
        timer = .none
    }

    /// Folds how something ended into the run's digest.
    mutating func sign(_ outcome: Outcome, _ subject: UInt32) {
        digest.mix(outcome.code, UInt64(subject))
    }

    /// Folds a command into the run's digest.
    mutating func signCommand(_ number: UInt64) {
        digest.mix(UInt64(bitPattern: now.nanoseconds), number)
    }

    mutating func noteLookup(_ lookup: CacheLookup) {
        if takesLookups { lookups.append(lookup) }
    }

    /// Writes an entry; the result is the cause of what follows from it.
    @discardableResult
    mutating func note(
        _ what: What, _ place: Component, why: Why = .itself, request: UInt64 = 0, cause: EntryID = .none
    ) -> EntryID {
        let id = nextEntry
        nextEntry.number += 1
        if takesNotes || (takesTransitions && what.isTransition) {
            notes.append(Entry(id: id, cause: cause, request: request, time: now, place: place, what: what, why: why))
        }
        return id
    }
}

/// Which changes to stop for.
public struct Watch: OptionSet, Sendable {
    /// The bits.
    public let rawValue: UInt16

    /// A set of changes.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// A breaker changed its state.
    public static let breakers = Watch(rawValue: 1)
    /// The ledger was written to, or a saga's debt fell due.
    public static let ledger = Watch(rawValue: 2)
    /// A saga started, moved or ended.
    public static let sagas = Watch(rawValue: 4)
    /// A queue, a pool or the calls under way changed.
    public static let queues = Watch(rawValue: 8)
    /// A measured window closed.
    public static let windows = Watch(rawValue: 16)
    /// A fault began or ended.
    public static let faults = Watch(rawValue: 32)
    /// A call, or an attempt of one, began or ended.
    public static let calls = Watch(rawValue: 64)
    /// A balancer changed what it thinks of its replicas.
    public static let replicas = Watch(rawValue: 128)
    /// Something happened in an event store.
    public static let stores = Watch(rawValue: 256)
    /// A projection got on, or stopped.
    public static let projections = Watch(rawValue: 512)
    /// Something happened on a command bus or a query bus.
    public static let buses = Watch(rawValue: 1_024)
}

/// What a guard says to a call that wants to pass.
enum Verdict: Sendable {
    /// It may, and shall bring this back with its outcome.
    case pass(token: UInt32)
    /// It may, and the guard has sent this frame on in its place.
    case split(UInt32)
    /// The guard has taken it over.
    case taken
    /// It is in line, by this number, and will be made ready, or leaves the line after so long.
    case wait(token: UInt32, atMost: Duration?)
    /// It may so long from now, and shall bring this back with its outcome.
    case delay(Duration, token: UInt32)
    /// It may not.
    case reject(Failure, retryAfter: Duration)
}
