public import Timeline

/// Looks after sagas, and raises an alarm once where an operator should look, not again with every look.
///
/// Each saga has a ``Watch``, which is handed to ``check(_:_:under:at:)`` after whatever happens to the saga and at
/// ``due(_:_:under:)``; so nobody has to go over all sagas every so often. An alarm is raised when its time has come
/// and cleared when its reason is gone; for the same reason it is not raised twice.
public struct SagaMonitor: Hashable, Sendable {
    /// How long a saga may get no step further before it counts as stuck.
    ///
    /// One that is paused, waits for an operator, or is over does not; its time begins anew when it goes on.
    public let stuckAfter: Duration
    /// How long a saga may be on its way back; time in which it is paused does not count.
    public let compensatingAfter: Duration
    /// How long something may wait for an operator before one is called.
    public let waitingAfter: Duration
    /// How old a saga may become before it ends; nil for any age.
    public let oldAfter: Duration?

    /// Checks the settings.
    /// - Parameters:
    ///   - stuckAfter: more than zero; 10 minutes by default.
    ///   - compensatingAfter: more than zero; 5 minutes by default.
    ///   - waitingAfter: zero or more; at once by default.
    ///   - oldAfter: more than zero; nil by default.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        stuckAfter: Duration = .minutes(10), compensatingAfter: Duration = .minutes(5),
        waitingAfter: Duration = .zero, oldAfter: Duration? = nil
    ) throws(SettingError) {
        let limits = [("stuckAfter", stuckAfter), ("compensatingAfter", compensatingAfter), ("oldAfter", oldAfter)]
        for case (let name, let limit?) in limits where limit <= .zero {
            throw SettingError(name, given: limit, allowed: "more than 0s")
        }
        guard waitingAfter >= .zero else {
            throw SettingError("waitingAfter", given: waitingAfter, allowed: "0s or more")
        }
        self.stuckAfter = stuckAfter
        self.compensatingAfter = compensatingAfter
        self.waitingAfter = waitingAfter
        self.oldAfter = oldAfter
    }

    private init() {
        (stuckAfter, compensatingAfter, waitingAfter, oldAfter) = (.minutes(10), .minutes(5), .zero, nil)
    }

    /// As it is set if nothing is said.
    public static let standard = SagaMonitor()

    /// Reasons for an operator to look.
    public struct Alarms: OptionSet, Hashable, Sendable {
        /// The reasons as bits.
        public let rawValue: UInt8

        /// The reasons of these bits.
        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// It gets no further.
        public static let stuck = Alarms(rawValue: 1)
        /// It has been on its way back for too long.
        public static let compensatesTooLong = Alarms(rawValue: 2)
        /// Something of it waits for an operator.
        public static let waitsForOperator = Alarms(rawValue: 4)
        /// It should be over by now.
        public static let isOld = Alarms(rawValue: 8)
        /// It has ended, and not all could be taken back.
        public static let compensationFailed = Alarms(rawValue: 16)

        /// Each by itself.
        public static let each: [Alarms] = [
            .stuck, .compensatesTooLong, .waitsForOperator, .isOld, .compensationFailed,
        ]
    }

    /// What came of a look at a saga.
    public struct Findings: Hashable, Sendable {
        /// What is new.
        public var raised: Alarms = []
        /// What is over.
        public var cleared: Alarms = []

        /// Whether there is nothing to report.
        public var isEmpty: Bool { raised.isEmpty && cleared.isEmpty }
    }

    /// What an alarm is raised for.
    public struct Reason: Hashable, Sendable {
        /// The alarm.
        public let alarm: Alarms
        /// Since when it lasts; time in which the saga was paused is left out.
        public let since: Instant
        /// For how long it may last.
        public let limit: Duration
    }

    /// What a monitor keeps of one saga; 8 bytes.
    public struct Watch: Hashable, Sendable {
        /// A moment in units of 256 ns, and below it the alarms, and whether the saga was held up at the last look.
        private var word: Int64 = 0

        /// A saga that nobody has looked at.
        public init() {}

        /// The alarms that are raised.
        public internal(set) var alarms: Alarms {
            get { Alarms(rawValue: UInt8(truncatingIfNeeded: word & 0x7f)) }
            set { word = word & ~0x7f | Int64(newValue.rawValue & 0x7f) }
        }

        /// Whether the saga was paused, waited for an operator or was over at the last look.
        public internal(set) var isHeldUp: Bool {
            get { word & 0x80 != 0 }
            set { word = word & ~0x80 | (newValue ? 0x80 : 0) }
        }

        /// From when on it counts how long the saga gets no further.
        var countsFrom: Instant {
            get { Instant(nanoseconds: word & ~0xff) }
            set { word = newValue.nanoseconds & ~0xff | word & 0xff }
        }
    }
}

extension SagaMonitor.Alarms: CustomStringConvertible {
    /// In words, with commas; nothing for none.
    public var description: String {
        Self.each.filter(contains).map(\.words).joined(separator: ", ")
    }

    private var words: String {
        switch self {
        case .stuck: "stuck"
        case .compensatesTooLong: "compensating for too long"
        case .waitsForOperator: "waiting for an operator"
        case .isOld: "old"
        case .compensationFailed: "compensation failed"
        default: ""
        }
    }
}
