/// Memory limits in a tree: each child of the pool has its own limit, and all of them together have the pool's.
///
/// The pool keeps the books; it allocates nothing itself. Before somebody allocates, they ask
/// ``reserve(_:from:owner:hold:at:)``, and afterwards hand the reservation back to ``release(_:at:)``. What is
/// reserved from a child is multiplied by the child's overhead, for what an estimate leaves out, and charged to
/// the child and to everything above it. If a limit on the way up refuses, nothing is charged anywhere.
///
/// The rules are those of Elasticsearch's `HierarchyCircuitBreakerService`: the limits of the children may add up to
/// more than the pool's, so that one can use what another leaves; a refusal says which limit it was and whether
/// waiting may help. Added to them:
///
/// - Each reservation is known by its number, with owner, size and age, so that a second release frees nothing
///   and what never comes back can be named.
/// - Reservations that are held as ``Hold/evictable(priority:)`` give way when the memory is needed: as many as make
///   up the deficit, in the order of ``Settings/eviction``, and none if they could not make it up.
/// - Every level has a ``MemoryMonitor``, whose alerts come back with the call that crossed the line.
public struct MemoryPool: Hashable, Sendable {
    /// The settings in force; ``changeSettings(_:at:)`` replaces them.
    public internal(set) var settings: Settings
    /// What the process really used when it was last measured; nil if the pool goes by its own books.
    public internal(set) var measured: Int?

    /// The pool, then its children.
    var accounts: [Account]
    /// One for each account.
    var monitors: [MemoryMonitor]
    var table: ReservationTable

    /// An empty pool.
    public init(_ settings: Settings) {
        self.settings = settings
        accounts = [Account(limit: settings.limit)] + settings.children.map(Account.init)
        monitors = Array(repeating: MemoryMonitor(settings.monitor), count: accounts.count)
        table = ReservationTable(order: settings.eviction)
    }
}

extension MemoryPool {
    /// One of the limits: the pool's, or a child's.
    public enum Level: Hashable, Sendable {
        /// The whole pool.
        case pool
        /// The child with this position in ``Settings/children``.
        case child(Int)
    }

    /// The most that can be charged to one level, a pebibyte; "unlimited" ends here.
    public static let most = 1 << 50

    /// The position of a level's account; nil if there is no such child.
    func position(of level: Level) -> Int? {
        switch level {
        case .pool: 0
        case .child(let child): settings.children.indices.contains(child) ? child + 1 : nil
        }
    }

    func level(at position: Int) -> Level { position == 0 ? .pool : .child(position - 1) }

    /// Whether the second account is the first one, or above it.
    func isAccount(_ position: Int, within ancestor: Int) -> Bool {
        var position = position
        while position > ancestor { position = accounts[position].parent }
        return position == ancestor
    }
}
