/// W-TinyLFU whose window finds its own size: large where what is new is wanted again soon, small where what is popular
/// stays so.
///
/// The guide's "adaptive" eviction. A hill climber moves the border between the window and the protected segment.
public struct AdaptiveWTinyLFU: EvictionPolicy {
    /// A newcomer is judged once it is there.
    @inlinable
    public var admitsFirst: Bool { true }

    private var base: WTinyLFU<CountMinSketch>
    private var climber: HillClimber
    /// The part of an entry by which the window should have been moved but was not, as entries are whole.
    private var remainder = 0.0
    /// Whether there was no room for one more when the last request began.
    private var isFull: Bool { base.weight >= base.capacity }

    /// A policy for entries of so much weight together.
    public init(capacity: Int) {
        base = WTinyLFU(capacity: capacity)
        climber = HillClimber(capacity: capacity)
    }

    /// The most weight that the entries may have together; the climber goes on as it was.
    public var capacity: Int {
        get { base.capacity }
        set { base.capacity = newValue }
    }

    /// The weight of all entries.
    public var weight: Int { base.weight }

    /// The share of the capacity that is the window's, from 0 to 1.
    public var windowShare: Double { base.windowShare }

    /// As in ``WTinyLFU``.
    public mutating func hit(_ slot: Slot) {
        let wasFull = isFull
        base.hit(slot)
        if wasFull { climb(isHit: true) }
    }

    /// As in ``WTinyLFU``.
    public mutating func admit(_ newcomer: Newcomer) {
        base.admit(newcomer)
    }

    /// As in ``WTinyLFU``.
    public mutating func evict(for newcomer: Newcomer?) -> Departure {
        let departure = base.evict(for: newcomer)
        if base.weight <= base.capacity { climb(isHit: false) }
        return departure
    }

    /// As in ``WTinyLFU``.
    public mutating func remove(_ slot: Slot) {
        base.remove(slot)
    }

    private mutating func climb(isHit: Bool) {
        guard let amount = climber.count(isHit: isHit) else { return }
        let wanted = amount + remainder
        let steps = wanted.rounded(.down)
        remainder = wanted - steps
        if steps > 0 { base.growWindow(by: Int(steps)) } else { base.shrinkWindow(by: Int(-steps)) }
    }

    /// The window, probation and the protected segment.
    public var queues: [PolicyQueue] { base.queues }
}
