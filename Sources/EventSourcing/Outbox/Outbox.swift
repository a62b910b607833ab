public import Timeline

/// Messages that are to be sent because something has changed, kept with what has changed.
///
/// A service that stores its state and then publishes what has happened loses the message if it dies in between, or
/// sends one for a change that was never stored. Here the message is stored in the same step as the change, and a relay
/// sends it afterwards, again and again until it is known to have arrived. So it arrives at least once: who receives it
/// keeps an ``Inbox``. Messages of one key go one after another, in the order in which they were added.
///
/// It holds what a relay must know of a message; the message itself lies where the state does, under its number.
/// Sources: Richardson, *Microservices Patterns*, chapter 3; Debezium's outbox.
public struct Outbox: Hashable, Sendable {
    /// How it is set.
    public let settings: Settings
    /// What it has done so far.
    public private(set) var totals = Totals()
    /// The messages that are not known to have arrived, in order of their numbers.
    public private(set) var pending: [Message] = []
    private var latest: UInt64 = 0

    /// A message that is not known to have arrived.
    public struct Message: Hashable, Sendable {
        /// Its number: 1 for the first.
        public let number: UInt64
        /// What is to stay in order.
        public let key: UInt64
        /// When it was added.
        public let addedAt: Instant
        /// How often it was sent.
        public fileprivate(set) var attempts = 0
        /// Before this it is not sent again.
        public fileprivate(set) var due: Instant
        /// Whether it is on its way.
        public fileprivate(set) var isUnderWay = false
    }

    /// How an outbox is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How many messages are on their way at once.
        public let inFlight: Int
        /// How long the relay waits to hear of one before it sends it again.
        public let answerTime: Duration
        /// How long it waits after a failure; twice as long after each further one, up to ``maximumDelay``.
        public let delay: Duration
        /// The longest wait after a failure.
        public let maximumDelay: Duration

        /// Checks the settings.
        /// - Parameters:
        ///   - inFlight: 1 or more; 16.
        ///   - answerTime: more than 0; 5 s.
        ///   - delay: more than 0; 100 ms.
        ///   - maximumDelay: the delay or more; 10 s.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            inFlight: Int = 16, answerTime: Duration = .seconds(5), delay: Duration = .milliseconds(100),
            maximumDelay: Duration = .seconds(10)
        ) throws(SettingError) {
            guard inFlight >= 1 else { throw SettingError("inFlight", given: inFlight, allowed: "1 or more") }
            guard answerTime > .zero else {
                throw SettingError("answerTime", given: answerTime, allowed: "more than 0s")
            }
            guard delay > .zero else { throw SettingError("delay", given: delay, allowed: "more than 0s") }
            guard maximumDelay >= delay else {
                throw SettingError("maximumDelay", given: maximumDelay, allowed: "the delay or more")
            }
            self.inFlight = inFlight
            self.answerTime = answerTime
            self.delay = delay
            self.maximumDelay = maximumDelay
        }
    }

    /// What an outbox has done so far.
    public struct Totals: Hashable, Sendable {
        /// Messages that were added.
        public var added: UInt64 = 0
        /// Times that one was sent.
        public var sent: UInt64 = 0
        /// Messages that have arrived.
        public var arrived: UInt64 = 0
        /// Times that sending failed, or nobody answered.
        public var failed: UInt64 = 0
    }

    /// An empty outbox.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// Adds a message, in the same step in which the state changes; returns its number.
    public mutating func add(key: UInt64, at now: Instant) -> UInt64 {
        latest += 1
        totals.added += 1
        pending.append(Message(number: latest, key: key, addedAt: now, due: now))
        return latest
    }

    /// The messages to send now. One that was sent and not heard of in time is sent again.
    public mutating func take(at now: Instant) -> [UInt64] {
        var taken: [UInt64] = []
        var held: Set<UInt64> = []
        var room = settings.inFlight - pending.count { $0.isUnderWay && $0.due > now }
        for index in pending.indices where room > 0 {
            let message = pending[index]
            guard held.insert(message.key).inserted, message.due <= now else { continue }
            if message.isUnderWay { totals.failed += 1 }
            pending[index].isUnderWay = true
            pending[index].attempts += 1
            pending[index].due = now + settings.answerTime
            totals.sent += 1
            room -= 1
            taken.append(message.number)
        }
        return taken
    }

    /// When there is something to send without a further word; nil if nothing is pending.
    public var nextDue: Instant? {
        let underWay = pending.filter(\.isUnderWay)
        if underWay.count >= settings.inFlight { return underWay.map(\.due).min() }
        var keys: Set<UInt64> = []
        return pending.filter { keys.insert($0.key).inserted }.map(\.due).min()
    }

    /// A message has arrived. False if that was known.
    @discardableResult
    public mutating func arrived(_ number: UInt64) -> Bool {
        guard let index = pending.firstIndex(where: { $0.number == number }) else { return false }
        pending.remove(at: index)
        totals.arrived += 1
        return true
    }

    /// Sending a message has failed; it is sent again after a while.
    public mutating func failed(_ number: UInt64, at now: Instant) {
        guard let index = pending.firstIndex(where: { $0.number == number && $0.isUnderWay }) else { return }
        pending[index].isUnderWay = false
        pending[index].due = now + delay(after: pending[index].attempts)
        totals.failed += 1
    }

    /// The relay has died and begins again: what was on its way is sent again.
    public mutating func restart(at now: Instant) {
        for index in pending.indices where pending[index].isUnderWay {
            pending[index].isUnderWay = false
            pending[index].due = now
        }
    }

    private func delay(after attempts: Int) -> Duration {
        let doublings = min(max(0, attempts - 1), 40)
        return min(settings.delay * (Int64(1) << Int64(doublings)), settings.maximumDelay)
    }
}
