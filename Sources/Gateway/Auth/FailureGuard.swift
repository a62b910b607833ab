internal import Caching
public import Timeline

/// How long clients are kept away that fail to prove who they are; every value has been checked.
public struct FailureRules: Hashable, Sendable {
    /// How many failures are free.
    public let free: Int
    /// How long the first failure beyond them keeps a client away; each further one twice as long as the one before.
    public let firstDelay: Duration
    /// The longest that a failure keeps a client away.
    public let longestDelay: Duration
    /// After how long without a failure all are forgotten.
    public let memory: Duration
    /// How many clients are remembered; of those that have failed, the one who was last seen longest ago makes
    /// way for a new one.
    public let capacity: Int

    /// Checks the rules.
    /// - Parameters:
    ///   - free: 0 to 1 000; by default 5.
    ///   - firstDelay: more than 0; by default 1 s.
    ///   - longestDelay: `firstDelay` or more; by default 15 min.
    ///   - memory: more than 0; by default 15 min.
    ///   - capacity: 1 to 1 000 000; by default 10 000.
    /// - Throws: a ``SettingError`` for a value out of its range.
    public init(
        free: Int = 5, firstDelay: Duration = .seconds(1), longestDelay: Duration = .minutes(15),
        memory: Duration = .minutes(15), capacity: Int = 10_000
    ) throws(SettingError) {
        guard (0...1_000).contains(free) else { throw SettingError("free", given: free, allowed: "0 to 1000") }
        guard firstDelay > .zero else {
            throw SettingError("firstDelay", given: firstDelay, allowed: "more than 0s")
        }
        guard longestDelay >= firstDelay else {
            throw SettingError("longestDelay", given: longestDelay, allowed: "\(firstDelay) (the first) or more")
        }
        guard memory > .zero else { throw SettingError("memory", given: memory, allowed: "more than 0s") }
        guard (1...1_000_000).contains(capacity) else {
            throw SettingError("capacity", given: capacity, allowed: "1 to 1000000 clients")
        }
        self.free = free
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
        self.memory = memory
        self.capacity = capacity
    }
}

/// Keeps clients away that try keys and tokens until one fits.
///
/// A success takes no failures back: else somebody with a key of their own would clear the count between guesses. Who is
/// kept away is not looked at, so that guesses made meanwhile are of no use, and lengthen nothing.
public struct FailureGuard: Sendable {
    private struct Record: Sendable {
        var failures = 0
        var lastAt: Instant
        var keptAwayUntil: Instant
    }

    /// The rules at work.
    public let rules: FailureRules
    private var records: LRUCache<UInt64, Record>

    /// A guard that has seen no failures.
    public init(_ rules: FailureRules) {
        self.rules = rules
        records = LRUCache(capacity: rules.capacity)
    }

    /// How many clients are remembered.
    public var count: Int { records.count }

    /// How long a client that asks is kept away from now on; nil if it is not.
    /// - Parameter client: its address, or a fingerprint of it.
    public mutating func wait(of client: UInt64, at now: Instant) -> Duration? {
        guard records.count > 0, case .hit(let record, _) = records.get(client, at: now) else { return nil }
        return now < record.keptAwayUntil ? record.keptAwayUntil - now : nil
    }

    /// A client has failed; returns how long it is kept away for it, nil while failures are free.
    @discardableResult
    public mutating func failed(_ client: UInt64, at now: Instant) -> Duration? {
        var record = Record(lastAt: now, keptAwayUntil: Instant(nanoseconds: .min))
        if case .hit(let known, _) = records.get(client, at: now) { record = known }
        // What keeps a client away longer than the memory is not forgotten before its end.
        if now - max(record.lastAt, record.keptAwayUntil) >= rules.memory { record.failures = 0 }
        record.failures += 1
        record.lastAt = now
        let delay = delay(after: record.failures)
        if let delay { record.keptAwayUntil = now + delay }
        records.insert(client, record, at: now)
        return delay
    }

    private func delay(after failures: Int) -> Duration? {
        guard failures > rules.free else { return nil }
        return min(rules.longestDelay, rules.firstDelay * (1 << Int64(min(62, failures - rules.free - 1))))
    }
}
