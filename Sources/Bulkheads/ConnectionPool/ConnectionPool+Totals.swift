public import Timeline

extension ConnectionPool {
    /// The pool at one moment, as HikariCP puts it into the message of a timeout.
    public struct Occupancy: Hashable, Sendable {
        /// All connections, those being created included.
        public let total: Int
        /// Connections in use.
        public let active: Int
        /// Connections ready to be handed out.
        public let idle: Int
        /// Connections being created.
        public let creating: Int
        /// Connections being validated.
        public let validating: Int
        /// Requests that wait.
        public let waiting: Int

        /// Those counts.
        public init(total: Int, active: Int, idle: Int, creating: Int, validating: Int, waiting: Int) {
            self.total = total
            self.active = active
            self.idle = idle
            self.creating = creating
            self.validating = validating
            self.waiting = waiting
        }
    }

    /// Lengths of time that were measured.
    public struct Timing: Hashable, Sendable {
        /// How many.
        public private(set) var count = 0
        /// All together, saturating.
        public private(set) var sum = Duration.zero
        /// The longest.
        public private(set) var longest = Duration.zero

        /// The average; zero if there was none.
        public var mean: Duration { count == 0 ? .zero : sum * (1 / Double(count)) }

        /// Adds a length; a negative one, of a clock that stepped back, counts as zero.
        mutating func record(_ length: Duration) {
            count += 1
            sum = sum + max(.zero, length)
            longest = max(longest, length)
        }
    }

    /// How many connections were closed for each reason.
    public struct Closures: Hashable, Sendable {
        private var counts = SIMD8<Int>()

        /// All of them.
        public var total: Int { counts.wrappedSum() }

        /// Those closed for this reason.
        public subscript(reason: CloseReason) -> Int { counts[Int(reason.rawValue)] }

        mutating func count(_ reason: CloseReason) {
            counts[Int(reason.rawValue)] += 1
        }
    }

    /// Counts since the start.
    ///
    /// At every moment `requested` = `granted` + `timedOut` + `withdrawn` + `rejected` + `refused` + the waiting
    /// requests, `creationsBegun` = `created` + `creationsFailed` + `creationsAbandoned` + the connections being
    /// created, and `created` = `closed.total` + the connections that are open.
    public struct Totals: Hashable, Sendable {
        /// Requests for a connection.
        public internal(set) var requested = 0
        /// Requests that got one, at once or later.
        public internal(set) var granted = 0
        /// Requests that reached their deadline.
        public internal(set) var timedOut = 0
        /// Requests that gave up of themselves.
        public internal(set) var withdrawn = 0
        /// Requests turned away since too many waited.
        public internal(set) var rejected = 0
        /// Requests turned away since the pool was closed.
        public internal(set) var refused = 0
        /// Connections whose creation was asked for.
        public internal(set) var creationsBegun = 0
        /// Connections that were created.
        public internal(set) var created = 0
        /// Creations that failed.
        public internal(set) var creationsFailed = 0
        /// Creations that the closing of the pool cut short.
        public internal(set) var creationsAbandoned = 0
        /// Validations asked for.
        public internal(set) var validations = 0
        /// Validations that found the connection dead, or took too long.
        public internal(set) var validationsFailed = 0
        /// Leaks that were reported.
        public internal(set) var leaks = 0
        /// Connections that were closed, by reason.
        public internal(set) var closed = Closures()
        /// How long the granted requests waited, those served at once included.
        public internal(set) var acquisition = Timing()
        /// How long connections were in use.
        public internal(set) var usage = Timing()
        /// How many of these uses ended when nobody waited for their result any more.
        public internal(set) var forNobody = 0
        /// How long creations took, of those that succeeded.
        public internal(set) var creation = Timing()
        /// The most connections there ever were at once, those being created included.
        public internal(set) var largestTotal = 0
        /// The most connections in use at once.
        public internal(set) var mostActive = 0
    }
}

extension ConnectionPool.Occupancy: CustomStringConvertible {
    /// `total=10, active=10, idle=0, waiting=3`, as HikariCP words it.
    public var description: String { "total=\(total), active=\(active), idle=\(idle), waiting=\(waiting)" }
}
