public import EventSourcing
public import Timeline

/// A projection at work: it reads the log from a checkpoint, makes batches, and has each of them committed in one step
/// with the checkpoint, so that every event has its effect exactly once, whatever breaks.
///
/// It decides and does nothing itself. Whoever drives it asks ``next(at:)`` for steps until it gets a wait, carries them
/// out in whatever way, and reports what came of each with the step's ticket; after every report, and when a wait is
/// over, it asks again. It reports also what it gave up waiting for, as a failure. Answers to what is not asked any more
/// change nothing: they may come late, twice, or to an earlier life.
///
/// - **Exactly once.** The checkpoint moves by compare-and-set in the transaction that changes the read model. A commit
///   whose answer was lost is tried again as it was; if it had taken place, the checkpoint says so.
/// - **Batches** end when they are full, when their first event has waited for as long as it may, or when there is a
///   reason to hurry. Events that nobody wants move the checkpoint too.
/// - **Poison.** An event that fails is cut out: what comes before it is committed first and never tried again. Then it
///   alone is tried again, and in the end left out, set aside with its sequence, or the run stops.
/// - **Rivals.** If somebody else has moved the checkpoint, what was not committed is forgotten, and the run goes on
///   from there, or stops.
///
/// Nothing in it but numbers: what the events say stays with whoever drives it. It holds no more events than two batches
/// and the read-ahead.
public struct ProjectionRun: Hashable, Sendable {
    /// The settings.
    public let settings: Settings
    /// Everything counted since the first start.
    public internal(set) var totals = Totals()
    /// Up to here everything is committed, as far as the run knows.
    public internal(set) var checkpoint = Position.start
    /// The last position of the log that the run has heard of.
    public internal(set) var head = Position.start
    /// In which of its lives the run is.
    public internal(set) var generation: UInt32
    /// What the events up to here do outside has been done before, and is not to be done again.
    public var replayedThrough: Position

    var phase = Phase.new
    /// Up to here the log has been read.
    var place = Position.start
    /// Events behind the checkpoint that were read.
    var buffer = ReadBuffer()
    /// Since when the checkpoint could move without any event.
    var passableSince: Instant?
    var loading = Errand()
    var reading = Errand()
    var asked = Asked(limit: 0, head: .start)
    var committing = Errand()
    /// What is to be committed, or is being.
    var job: Job?
    /// Whether the last job was a batch; batches and replays take turns.
    var lastWasBatch = false
    /// A commit up to here, at most, may have taken place without an answer.
    var inDoubt: Position?
    var trouble: Trouble?
    var quarantine = Quarantine()
    /// When to read again after the end of the log; nil if the end was not reached.
    var nextPoll: Instant?
    var pacer: Pacer
    var ending = Ending()
    var wantsReload = false
    /// How often the checkpoint was not where it should be, without a commit in between.
    var rivalsInRow = 0
    private var lastTicket: UInt32 = 0

    enum Phase: Hashable, Sendable {
        case new
        case loading
        case running
        case stopped(StopReason)
    }

    /// What the run knew when it asked for a page.
    struct Asked: Hashable, Sendable {
        /// How many events there is room for.
        let limit: Int
        let head: Position
    }

    enum Job: Hashable, Sendable {
        case batch(Cut)
        case replay(Quarantine.Row)
    }

    /// A run that has not been started.
    /// - Parameters:
    ///   - settings: the settings.
    ///   - replayedThrough: what the events up to here do outside has been done before: by the version that this one is
    ///     to replace, or by this one before it was reset.
    ///   - generation: how many lives came before its first, if answers to questions of those may still come.
    public init(_ settings: Settings, replayedThrough: Position = .start, generation: UInt32 = 0) {
        self.settings = settings
        self.replayedThrough = replayedThrough
        self.generation = generation
        pacer = Pacer(settings.pace)
    }

    /// Begins a new life: after a crash, after a stop, or for the first time. Nothing but the totals and the settings is
    /// left of the one before, and no answer to its questions counts.
    public mutating func start(at now: Instant) {
        var next = ProjectionRun(settings, replayedThrough: replayedThrough, generation: generation &+ 1)
        next.totals = totals
        next.phase = .loading
        next.totals.starts += 1
        self = next
    }

    mutating func ticket() -> Ticket {
        lastTicket &+= 1
        return Ticket(generation: generation, number: lastTicket)
    }

    mutating func finish(_ reason: StopReason) {
        phase = .stopped(reason)
        loading.settle()
        reading.settle()
        committing.settle()
        job = nil
    }
}
