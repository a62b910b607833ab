public import EventSourcing
public import Timeline

/// Measures how far a projection is behind the log, and how fast both move.
///
/// The rates are those of the last stretch of time, from up to ten samples. A trivial value.
public struct LagMeter: Sendable {
    /// Over how long the rates are taken.
    public let window: Duration
    /// Where the projection was last.
    public private(set) var position = Position.start
    /// Where the log's end was last.
    public private(set) var head = Position.start

    private var oldestUnprocessed: Instant?
    private var samples: [10 of Sample] = InlineArray(repeating: Sample())
    private var first = 0
    private var count = 0

    private struct Sample: Sendable {
        var at = Instant.zero
        var position = Position.start
        var head = Position.start
    }

    /// A meter that knows nothing yet.
    /// - Parameter window: 10 ms or more; 10 s by default.
    /// - Throws: a ``SettingError`` otherwise.
    public init(window: Duration = .seconds(10)) throws(SettingError) {
        guard window >= .milliseconds(10) else {
            throw SettingError("window", given: window, allowed: "10ms or more")
        }
        self.window = window
    }

    /// Notes where both are.
    /// - Parameters:
    ///   - position: up to where the projection has dealt with the log; see ``ProjectionRun/settled``. It may go back.
    ///   - head: the end of the log.
    ///   - oldestUnprocessed: when the first event was appended that it has read and not dealt with.
    ///   - now: the time.
    public mutating func note(
        position: Position, head: Position, oldestUnprocessed: Instant?, at now: Instant
    ) {
        if position < self.position { count = 0 }
        self.position = position
        self.head = head
        self.oldestUnprocessed = oldestUnprocessed
        // Nine stretches lie between ten samples.
        guard count == 0 || now - last.at >= Duration(nanoseconds: window.nanoseconds / 9) else { return }
        // What lies before the window is of no more use, but for the last of it.
        while count == samples.count || count > 1 && samples[(first + 1) % samples.count].at <= now - window {
            first = (first + 1) % samples.count
            count -= 1
        }
        samples[(first + count) % samples.count] = Sample(at: now, position: position, head: head)
        count += 1
    }

    /// The lag at a moment. Where nothing has been noted for a while, the rates go down.
    public func lag(at now: Instant) -> Lag {
        let oldest = samples[first]
        let elapsed = count == 0 ? 0 : (now - oldest.at).seconds
        func rate(_ from: Position, _ to: Position) -> Double {
            elapsed > 0 ? Double(to.distance(from: from)) / elapsed : 0
        }
        return Lag(
            events: head.distance(from: position), age: oldestUnprocessed.map { max(.zero, now - $0) },
            rate: rate(oldest.position, position), growth: rate(oldest.head, head))
    }

    private var last: Sample { samples[(first + count - 1) % samples.count] }
}
