import Caching
import Timeline

// Writes of keys that a cache may have: what becomes of the copies, and how they reach a store later.

extension World {
    /// An operation changes what reads of its key see; false if its write cannot be taken in.
    mutating func writeThroughCache(_ index: UInt32) -> Bool {
        let frame = frames[index]
        let writing = scripts.writing(frame.operation)
        guard writing != .nothing, frame.key != 0 else { return true }
        let (service, node) = (services.service(of: frame.operation), Int(frame.replica))
        guard caches.exists(service) else { return true }
        if caches[service].plan.behind != nil {
            guard caches[service].enqueue(frame.key, node: node, at: port.now) else { return false }
            flushWrites(ofNode: node, of: service)
        }
        let deliveries =
            writing == .tag
            ? caches[service].writeTag(of: frame.key, node: node, at: port.now)
            : caches[service].write(frame.key, node: node, at: port.now)
        send(deliveries, of: service)
        scheduleRetries(of: service)
        return true
    }

    /// Sends the batches of a replica that are due, and looks again when the next one is.
    private mutating func flushWrites(ofNode node: Int, of service: Int) {
        guard let call = caches[service].plan.behind?.call else { return }
        while let batch = caches[service].queues[node].nextBatch(at: port.now) {
            let slot = caches.flushes.put(CacheHost.Flush(service: service, node: node, batch: batch.id))
            var frame = Frame()
            frame.owner = .flush(slot)
            frame.request = nextRequest()
            frame.cause = port.note(
                .flushedWrites, .cache(service: UInt16(service)), why: .count(UInt32(clamping: batch.writes.count)),
                request: frame.request)
            place(frame, on: call)
        }
        port.cancel(&caches[service].flushTimers[node])
        guard let due = caches[service].queues[node].nextDue else { return }
        let event = Event.writesDue(UInt32(service) << 8 | UInt32(node))
        caches[service].flushTimers[node] = port.schedule(after: due - port.now, event)
    }

    /// A batch of a replica is due, or a write has rested for long enough.
    mutating func writesDue(_ place: UInt32) {
        let (service, node) = (Int(place >> 8), Int(place & 255))
        caches[service].flushTimers[node] = .none
        flushWrites(ofNode: node, of: service)
    }

    /// A batch has come back from the store.
    mutating func flushReturned(_ slot: UInt32, isOK: Bool) {
        let flush = caches.flushes.take(slot)
        guard !flush.isLost else { return }
        let deliveries = caches[flush.service].settle(flush.batch, isOK: isOK, node: flush.node, at: port.now)
        send(deliveries, of: flush.service)
        scheduleRetries(of: flush.service)
        flushWrites(ofNode: flush.node, of: flush.service)
    }

    /// A replica has gone down, and with it the writes that it had in memory.
    mutating func loseCache(ofNode node: Int, of service: Int, cause: EntryID) {
        guard caches.exists(service) else { return }
        caches[service].loseMemory(ofNode: node)
        stopWarming(node, of: service)
        guard caches[service].plan.behind != nil else { return }
        let before = caches[service].counts.lostWrites
        caches[service].loseWrites(ofNode: node)
        caches.loseFlushes(ofNode: node, of: service)
        port.cancel(&caches[service].flushTimers[node])
        let lost = caches[service].counts.lostWrites - before
        guard lost > 0 else { return }
        port.note(
            .writesLost, .cache(service: UInt16(service)), why: .count(UInt32(clamping: lost)), cause: cause)
    }

    private mutating func send(_ deliveries: [InvalidationDelivery<UInt64>], of service: Int) {
        for delivery in deliveries {
            let slot = caches.deliveries.put(
                CacheHost.Delivery(service: service, delivery: delivery, publishedAt: port.now))
            port.schedule(after: delivery.at - port.now, .invalidationArrives(slot))
        }
    }

    /// A message has reached another replica.
    mutating func invalidationArrives(_ slot: UInt32) {
        let arrival = caches.deliveries.take(slot)
        let more = caches[arrival.service].receive(arrival.delivery, sentAt: arrival.publishedAt, at: port.now)
        send(more, of: arrival.service)
        scheduleRetries(of: arrival.service)
    }

    /// What was lost between replicas is sent again.
    mutating func invalidationsDue(_ service: Int) {
        caches[service].retryTimer = .none
        let deliveries = caches[service].retryInvalidations(at: port.now)
        send(deliveries, of: service)
        scheduleRetries(of: service)
    }

    private mutating func scheduleRetries(of service: Int) {
        guard let due = caches[service].bus?.nextRetry else { return }
        port.cancel(&caches[service].retryTimer)
        caches[service].retryTimer = port.schedule(after: due - port.now, .invalidationsDue(UInt32(service)))
    }
}
