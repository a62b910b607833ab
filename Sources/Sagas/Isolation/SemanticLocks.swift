public import Timeline

/// Which saga holds what, and which sagas wait for it: the countermeasure behind a saga's isolation level.
///
/// The steps of a saga commit one by one, so others see what may be taken back again. A saga that locks what it changes
/// (an order that is pending, the last item in stock) until it is over keeps other sagas away from it; only from it, and
/// only those sagas that ask. It is no lock in a database: it lives as long as the saga, across services and crashes.
///
/// - **One holder.** A key belongs to one saga at a time; the same saga may ask for it again.
/// - **First come, first served.** Those who wait get the key in the order in which they asked, in the very call that
///   frees it, so that no newcomer is faster.
/// - **No deadlock.** A saga that would wait for itself, through whatever others, is refused at once, and told through
///   whom. It is for the saga to give back what it holds: to compensate, and perhaps to try again.
///
/// Keys and sagas are the caller's numbers. Without contention every call takes constant time on average; the search for
/// a deadlock grows with the waiting sagas that it meets. Once there is memory for as many locks and waiters as there
/// ever are at once, no more is taken, but for the results that are lists.
///
/// Source: Frank and Zahle, *Semantic ACID Properties in Multidatabases Using Remote Procedure Calls and Update
/// Propagations*, 1998; Richardson, *Microservices Patterns*, section 4.3; Eventuate Tram's `SagaLockManager` for the
/// table and its order, which has no word about deadlocks.
public struct SemanticLocks: Sendable {
    /// The settings.
    public let settings: Settings
    /// Everything counted since the start.
    public internal(set) var totals = Totals()
    /// How many keys are held.
    public internal(set) var held = 0
    /// How many waits there are; a saga may wait for several keys.
    public internal(set) var waiting = 0

    var locks: [Lock] = []
    var sagas: [Holder] = []
    var claims: [Claim] = []
    var freeLock = Claim.none
    var freeSaga = Claim.none
    var freeClaim = Claim.none
    var lockPlaces = PlaceTable()
    var sagaPlaces = PlaceTable()
    /// The number of the last claim.
    var lastTicket: UInt64 = 0
    /// The number of the last search for a deadlock.
    var lastSearch: UInt64 = 0

    /// Locks that nobody holds.
    public init(_ settings: Settings) {
        self.settings = settings
    }

    /// How locks are set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// How many keys can be held and waited for altogether.
        public let capacity: Int
        /// How many sagas can wait for one key.
        public let waitingPerKey: Int

        /// Checks the settings.
        /// - Parameters:
        ///   - capacity: 1 to 16 777 216; 1 048 576 by default. Memory is taken only as it is needed.
        ///   - waitingPerKey: 0 or more; 1024 by default. With 0 nobody waits.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(capacity: Int = 1 << 20, waitingPerKey: Int = 1024) throws(SettingError) {
            guard (1...1 << 24).contains(capacity) else {
                throw SettingError("capacity", given: capacity, allowed: "1 to 16777216")
            }
            guard waitingPerKey >= 0 else {
                throw SettingError("waitingPerKey", given: waitingPerKey, allowed: "0 or more")
            }
            self.capacity = capacity
            self.waitingPerKey = waitingPerKey
        }

        private init() { (capacity, waitingPerKey) = (1 << 20, 1024) }

        /// As they are if nothing is said.
        public static let standard = Settings()
    }

    /// Counts since the start.
    ///
    /// At every moment `granted` = `released` + the keys that are held, and `waited` = `handedOver` + `withdrawn` + the
    /// waits that go on.
    public struct Totals: Hashable, Sendable {
        /// Keys that a saga got, at once or after waiting.
        public internal(set) var granted = 0
        /// Keys given back.
        public internal(set) var released = 0
        /// Waits that began.
        public internal(set) var waited = 0
        /// Waits that ended with the key.
        public internal(set) var handedOver = 0
        /// Waits that were given up.
        public internal(set) var withdrawn = 0
        /// Sagas refused because they would not or could not wait.
        public internal(set) var refused = 0
        /// Sagas refused because they would have waited for themselves.
        public internal(set) var deadlocks = 0
    }
}
