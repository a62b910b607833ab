public import Timeline

extension PersistentSubscription {
    /// An event for a consumer.
    public struct Handout: Hashable, Sendable {
        /// Where the event stands in the log.
        public let position: Position
        /// Who gets it.
        public let consumer: UInt32
        /// The how-manieth time it is handed out, from 1.
        public let attempt: Int
    }

    /// A consumer comes; false if there are as many as there may be, or one of this id.
    /// - Parameter capacity: how many events it takes at once, 1 or more.
    public mutating func connect(_ id: UInt32, capacity: Int) -> Bool {
        guard consumers.count < settings.consumers, !consumers.contains(where: { $0.id == id }) else { return false }
        consumers.append(Consumer(id: id, capacity: max(1, capacity)))
        shareBuckets(with: id)
        return true
    }

    /// A consumer goes: what it had is handed out again. False if there is none of this id.
    public mutating func disconnect(_ id: UInt32, at now: Instant) -> Bool {
        guard let index = consumers.firstIndex(where: { $0.id == id }) else { return false }
        for delivery in underWay where delivery.consumer == id { takeBack(delivery, at: now) }
        consumers.remove(at: index)
        if turn > index { turn -= 1 }
        for bucket in buckets.indices where buckets[bucket] == id { buckets[bucket] = nil }
        return true
    }

    /// Hands out what can be handed out now, in order.
    public mutating func dispatch(at now: Instant) -> [Handout] {
        var handouts: [Handout] = []
        var heldBack = Set(settings.keepsOrder ? underWay.map(\.key) : [])
        again = handOut(from: again, holdingBack: &heldBack, to: &handouts, at: now)
        fresh = handOut(from: fresh, holdingBack: &heldBack, to: &handouts, at: now)
        return handouts
    }

    /// Hands out of a list what can be; returns the rest.
    private mutating func handOut(
        from list: [Delivery], holdingBack heldBack: inout Set<UInt64>, to handouts: inout [Handout], at now: Instant
    ) -> [Delivery] {
        var rest: [Delivery] = []
        for (index, delivery) in list.enumerated() {
            guard consumers.contains(where: \.hasRoom) else {
                rest += list[index...]
                break
            }
            guard !heldBack.contains(delivery.key), let consumer = consumer(for: delivery.key) else {
                rest.append(delivery)
                if settings.keepsOrder || settings.strategy == .pinned { heldBack.insert(delivery.key) }
                continue
            }
            if settings.keepsOrder { heldBack.insert(delivery.key) }
            handouts.append(give(delivery, to: consumer, at: now))
        }
        return rest
    }

    /// The place of the consumer who gets an event of this key; nil if it has no room.
    private mutating func consumer(for key: UInt64) -> Int? {
        switch settings.strategy {
        case .single:
            return consumers.firstIndex(where: \.hasRoom)
        case .roundRobin:
            for step in consumers.indices where consumers[(turn + step) % consumers.count].hasRoom {
                let chosen = (turn + step) % consumers.count
                turn = (chosen + 1) % consumers.count
                return chosen
            }
            return nil
        case .pinned:
            let bucket = Int(RandomStream.scramble(key) % UInt64(Self.bucketCount))
            let owner = buckets[bucket] ?? leastBuckets()
            buckets[bucket] = owner
            return consumers.firstIndex { $0.id == owner && $0.hasRoom }
        }
    }

    private mutating func give(_ delivery: Delivery, to index: Int, at now: Instant) -> Handout {
        var delivery = delivery
        delivery.attempts += 1
        delivery.consumer = consumers[index].id
        delivery.due = settings.answerTime.map { now + $0 } ?? .distantFuture
        consumers[index].load += 1
        underWay.append(delivery)
        totals.handedOut += 1
        return Handout(position: delivery.position, consumer: delivery.consumer, attempt: delivery.attempts)
    }

    /// The consumer that owns the fewest buckets, the earliest of several.
    private func leastBuckets() -> UInt32? {
        consumers.min { owned(by: $0.id) < owned(by: $1.id) }?.id
    }

    private func owned(by id: UInt32) -> Int { buckets.count { $0 == id } }

    /// Gives a new consumer its share of the buckets, those without an event on its way first.
    private mutating func shareBuckets(with id: UInt32) {
        guard settings.strategy == .pinned, consumers.count > 1 else { return }
        let busy = Set(underWay.map { Int(RandomStream.scramble($0.key) % UInt64(Self.bucketCount)) })
        let taken = buckets.indices.filter { buckets[$0] != nil }
        var share = taken.count / consumers.count
        for bucket in taken.filter({ !busy.contains($0) }) + taken.filter(busy.contains) {
            guard share > 0, let owner = buckets[bucket] else { return }
            if owned(by: owner) <= taken.count / consumers.count { continue }
            buckets[bucket] = id
            share -= 1
        }
    }
}

extension [PersistentSubscription.Delivery] {
    /// Where an event of this position belongs: behind those of earlier positions, before any that was parked.
    func place(for position: Position) -> Int {
        firstIndex { $0.position > position || $0.isReplay } ?? count
    }
}
