public import Timeline

/// What a history knows of each key, by the slot that the key stands in.
@usableFromInline
struct AccessLedger: Sendable {
    /// One key.
    struct Record: Sendable {
        /// Which key it is, counted through all that there ever were.
        var number: UInt64
        var accesses: UInt32 = 0
        var lastAt: Instant
        var gap = GapEstimate()
        var successor = SuccessorGuess()
        var hours: HourHistogram
    }

    let settings: AccessHistorySettings
    private(set) var records: [Record] = []
    private(set) var rings: AccessRings
    private var order: LRU
    private var numbered: UInt64 = 0
    /// The key that was used last.
    private var previous = Slot.none
    private(set) var latest = Instant(nanoseconds: .min)

    init(_ settings: AccessHistorySettings) {
        self.settings = settings
        rings = AccessRings(window: settings.window, buckets: settings.buckets)
        order = LRU(capacity: settings.keys)
    }

    @usableFromInline var count: Int { order.weight }

    @usableFromInline var mostKeys: Int { settings.keys }

    /// The keys by recency, the last used first.
    var slotsByRecency: [Slot] { order.queues.flatMap(\.slots).reversed() }

    /// Makes room for one more key; returns the slot of the one that is forgotten for it.
    @usableFromInline
    mutating func makeRoom() -> Slot? {
        guard order.weight >= settings.keys, case .evicted(let slot) = order.evict(for: nil) else { return nil }
        return slot
    }

    /// A key takes a slot, and is used for the first time.
    @usableFromInline
    mutating func enter(_ slot: Slot, at now: Instant) {
        latest = max(latest, now)
        numbered += 1
        let record = Record(
            number: numbered, lastAt: latest, hours: HourHistogram(hour: settings.clock.hourNumber(at: latest)))
        if slot.place < records.count {
            records[slot.place] = record
        } else {
            records.reserveRoom(for: slot.place + 1, most: settings.keys)
            records.append(record)
        }
        rings.clear(slot, at: latest, mostSlots: settings.keys)
        order.admit(Newcomer(slot: slot, fingerprint: 0, weight: 1, expiresAt: .distantFuture))
        count(slot, isClose: false)
    }

    /// A key is used again.
    @usableFromInline
    mutating func use(_ slot: Slot, at now: Instant) {
        latest = max(latest, now)
        let gap = latest - records[slot.place].lastAt
        records[slot.place].gap.learn(gap)
        order.hit(slot)
        count(slot, isClose: gap <= settings.closeGap)
    }

    private mutating func count(_ slot: Slot, isClose: Bool) {
        rings.count(slot, isClose: isClose, at: latest)
        records[slot.place].lastAt = latest
        if records[slot.place].accesses < .max { records[slot.place].accesses += 1 }
        records[slot.place].hours.visit(settings.clock.hourNumber(at: latest))
        // What is used twice in a row does not follow itself; in a history of one key nothing follows anything.
        if !previous.isNone && previous != slot {
            records[previous.place].successor.learn(slot, number: records[slot.place].number)
        }
        previous = slot
    }
}

extension AccessLedger {
    @usableFromInline
    func pattern(of slot: Slot, at now: Instant) -> AccessPattern {
        let now = max(latest, now)
        let record = records[slot.place]
        let counts = rings.counts(slot, at: now)
        return AccessPattern(
            accesses: Int(record.accesses), frequency: counts.all, recency: now - record.lastAt,
            locality: counts.all == 0 ? 0 : Double(counts.close) / Double(counts.all),
            seasonality: record.hours.seasonality(at: settings.clock.hourNumber(at: now)),
            predictability: max(record.gap.regularity, record.successor.confidence))
    }

    /// Which key follows, and how often that was right of late; nil if none is known any more.
    func successor(of slot: Slot) -> (slot: Slot, confidence: Double)? {
        let guess = records[slot.place].successor
        guard !guess.slot.isNone, records[guess.slot.place].number == guess.number else { return nil }
        return (guess.slot, guess.confidence)
    }
}
