public import Timeline

/// When a node begins a round of anti-entropy, and with whom: with each other one in turn, from time to time.
///
/// Every wait is drawn anew, so that nodes which were started together do not all ask at once.
public struct AntiEntropyTimer: Hashable, Sendable {
    /// How rounds are timed; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How long it is from one round to the next, on average.
        public let interval: Duration
        /// By which share of the interval a wait is longer or shorter at most.
        public let jitter: Double

        /// Checks the settings.
        /// - Parameters:
        ///   - interval: more than 0; 1 s.
        ///   - jitter: 0 to 0.9; 0.2.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(interval: Duration = .seconds(1), jitter: Double = 0.2) throws(SettingError) {
            guard interval > .zero else { throw SettingError("interval", given: interval, allowed: "more than 0s") }
            guard (0...0.9).contains(jitter) else { throw SettingError("jitter", given: jitter, allowed: "0 to 0.9") }
            self.interval = interval
            self.jitter = jitter
        }
    }

    /// How rounds are timed.
    public let settings: Settings
    /// When the next round begins; never if there is no other node.
    public private(set) var due: Instant
    private let node: UInt8
    private let nodes: UInt8
    /// The node whose turn it is.
    private var turn: UInt8

    /// The timer of a node; its first round begins at some moment within the first interval.
    /// - Parameters:
    ///   - node: the node's number.
    ///   - nodes: how many nodes there are, 1 to 8; what is outside counts as the nearest of these.
    ///   - settings: how rounds are timed.
    ///   - now: the time.
    ///   - random: where the wait is drawn from.
    public init(node: UInt8, of nodes: Int, _ settings: Settings, at now: Instant, using random: inout RandomStream) {
        self.settings = settings
        self.node = node
        self.nodes = UInt8(min(max(1, nodes), VersionVector.nodeLimit))
        turn = node
        due = self.nodes > 1 ? now + settings.interval * random.uniform() : .distantFuture
    }

    /// Whom to begin a round with now; nil if it is not time yet. Rounds that were missed are not made up for.
    public mutating func take(at now: Instant, using random: inout RandomStream) -> UInt8? {
        guard nodes > 1, now >= due else { return nil }
        let wait = settings.interval * (1 + settings.jitter * (2 * random.uniform() - 1))
        due = now + max(.nanoseconds(1), wait)
        repeat { turn = (turn &+ 1) % nodes } while turn == node
        return turn
    }
}
