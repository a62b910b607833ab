/// W-TinyLFU whose window finds its own size: large where what is new is wanted again soon, small where what is popular
/// stays so.
///
/// The guide's "adaptive" eviction. A hill climber moves the border between the window and the protected segment, which
/// are shares of the capacity, so that steps are in weight; only how many requests it watches before each step goes by
/// the number of entries, as in Caffeine.
public struct AdaptiveWTinyLFU: EvictionPolicy {
    /// A newcomer is judged once it is there.
    @inlinable
    public var admitsFirst: Bool { true }

    private var base: WTinyLFU<CountMinSketch>
    private var climber: HillClimber
    /// The weight by which the window should have been moved but was not, as entries are whole.
    private var remainder = 0.0
    /// A miss that counts has let an entry in, for which there may not be room yet.
    private var owesMiss = false

    /// A policy for entries of so much weight together.
    public init(capacity: Int) {
        base = WTinyLFU(capacity: capacity)
        climber = HillClimber(capacity: capacity)
    }

    /// The most weight that the entries may have together; with another one the climber begins again.
    public var capacity: Int {
        get { base.capacity }
        set {
            guard newValue != base.capacity else { return }
            base.capacity = newValue
            climber = HillClimber(capacity: newValue)
            (remainder, owesMiss) = (0, false)
        }
    }

    /// The weight of all entries.
    public var weight: Int { base.weight }

    /// The share of the capacity that is the window's, from 0 to 1.
    public var windowShare: Double { base.windowShare }

    /// Whether requests count: there is no room for one more, or, as the last entry of a weighted cache rarely fits to
    /// the byte, less than half of it is left.
    private var isFull: Bool { base.weight >= (base.isWeighted ? base.capacity / 2 : base.capacity) }

    /// As in ``WTinyLFU``.
    public mutating func hit(_ slot: Slot) {
        let counts = isFull
        base.hit(slot)
        if counts { climb(isHit: true) }
    }

    /// As in ``WTinyLFU``.
    public mutating func admit(_ newcomer: Newcomer) {
        owesMiss = isFull
        base.admit(newcomer)
        countMiss()
    }

    /// As in ``WTinyLFU``.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        let departure = base.evict(for: newcomer)
        countMiss()
        return departure
    }

    /// As in ``WTinyLFU``.
    public mutating func remove(_ slot: Slot) {
        base.remove(slot)
    }

    /// Once everybody has left who has to.
    private mutating func countMiss() {
        guard owesMiss, base.weight <= base.capacity else { return }
        owesMiss = false
        climb(isHit: false)
    }

    private mutating func climb(isHit: Bool) {
        guard let amount = climber.count(isHit: isHit, entries: base.countedEntries) else { return }
        let wanted = amount + remainder
        let step = wanted.rounded(.down)
        let rest = step > 0 ? base.growWindow(by: Int(step)) : -base.shrinkWindow(by: Int(-step))
        remainder = wanted - step + Double(rest)
    }

    /// The window, probation and the protected segment.
    public var queues: [PolicyQueue] { base.queues }
}
