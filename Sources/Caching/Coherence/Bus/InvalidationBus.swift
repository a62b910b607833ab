public import Timeline

/// The bus by which nodes tell each other what has been overwritten.
///
/// It decides what reaches whom and when, and carries nothing itself: whoever runs it hands each delivery back to
/// ``arrive(_:at:)`` at its moment, and the message that comes out to the receiver's ``InvalidationInbox``.
///
/// With a ``InvalidationRecovery``, what was lost or could not be delivered is kept for each receiver, one message for
/// each subject, and sent again after a delay, until it gets through. Where a node misses more than there is room for, a
/// message that drops everything takes the place of all (FusionCache's auto-recovery). Ask for ``nextRetry`` when to
/// call ``retry(at:using:)``.
///
/// Messages from each node to each other have numbers without gaps, so that a receiver knows when it has missed some.
public struct InvalidationBus<Key: CacheKey>: Sendable {
    /// The settings at work.
    public private(set) var settings: InvalidationBusSettings
    /// The nodes that are cut off from all others. They still hear themselves.
    public var partitioned = NodeSet()
    /// Counts since the start.
    public private(set) var totals = InvalidationBusTotals()

    // From each node to each other.
    private var sequences: [UInt64]
    private var latestArrivals: [Instant]
    private var queues: [RetryQueue<Key>]
    private var newestVersion: UInt64 = 0

    /// A bus on which nothing is on its way.
    public init(_ settings: InvalidationBusSettings) {
        self.settings = settings
        sequences = [UInt64](repeating: 0, count: settings.nodes * settings.nodes)
        latestArrivals = [Instant](repeating: .zero, count: settings.nodes * settings.nodes)
        queues = (0..<settings.nodes).map { RetryQueue(for: $0) }
    }

    /// Changes the settings, from the next message on. What waits is sent again also if there is no recovery any more.
    /// - Throws: a ``SettingError`` if the number of nodes is another.
    public mutating func changeSettings(_ new: InvalidationBusSettings) throws(SettingError) {
        guard new.nodes == settings.nodes else {
            throw SettingError("nodes", given: new.nodes, allowed: "\(settings.nodes), as before")
        }
        settings = new
    }

    /// A node has overwritten something: what reaches whom, by rising numbers of nodes.
    ///
    /// The node itself is told at once, if it is to be told at all.
    public mutating func publish(
        _ subject: InvalidationSubject<Key>, version: UInt64, _ decision: InvalidationDecision, from writer: Int,
        at now: Instant, using random: inout RandomStream
    ) -> [InvalidationDelivery<Key>] {
        totals.published += 1
        newestVersion = max(newestVersion, version)
        var deliveries: [InvalidationDelivery<Key>] = []
        for receiver in settings.receivers(of: decision.propagation, from: writer) {
            let link = link(from: writer, to: receiver)
            sequences[link] += 1
            let message = InvalidationMessage(
                subject, version: version, decision.strategy, sender: writer, sequence: sequences[link])
            if let delivery = send(message, to: receiver, at: now, using: &random) { deliveries.append(delivery) }
        }
        return deliveries
    }

    /// A delivery's moment has come; nil if its receiver has been cut off meanwhile.
    public mutating func arrive(_ delivery: InvalidationDelivery<Key>, at now: Instant) -> InvalidationMessage<Key>? {
        let (message, receiver) = (delivery.message, delivery.receiver)
        if receiver != message.sender, partitioned.contains(receiver) {
            totals.cutOff += 1
            keep(message, for: receiver, at: now)
            return nil
        }
        return message
    }

    /// How many messages wait to be sent to a node again.
    public func waiting(for node: Int) -> Int {
        queues.indices.contains(node) ? queues[node].count : 0
    }

    /// When something is to be sent again; nil if nothing is.
    public var nextRetry: Instant? { queues.lazy.compactMap(\.dueAt).min() }

    /// Sends again what is due. What does not get through now either waits for the delay again.
    public mutating func retry(at now: Instant, using random: inout RandomStream) -> [InvalidationDelivery<Key>] {
        var deliveries: [InvalidationDelivery<Key>] = []
        for node in queues.indices {
            guard let due = queues[node].dueAt, due <= now else { continue }
            guard !partitioned.contains(node) else {
                queues[node].postpone(to: now + (settings.recovery?.delay ?? .seconds(2)))
                continue
            }
            for message in queues[node].take() {
                if let delivery = send(message, to: node, at: now, using: &random) { deliveries.append(delivery) }
            }
        }
        return deliveries
    }

    /// A node has found that it has missed messages, and asks for them, by a connection on which nothing is lost.
    ///
    /// It is sent what waits for it. Without a recovery nobody knows what it has missed: it drops everything by itself.
    public mutating func resync(
        _ node: Int, at now: Instant, using random: inout RandomStream
    ) -> [InvalidationDelivery<Key>] {
        guard queues.indices.contains(node) else { return [] }
        guard settings.recovery != nil else {
            let message = InvalidationMessage<Key>.toDropAll(node, version: newestVersion)
            return [InvalidationDelivery(message: message, receiver: node, at: now)]
        }
        guard !partitioned.contains(node) else { return [] }
        return queues[node].take().compactMap { send($0, to: node, at: now, isReliable: true, using: &random) }
    }

    /// Sends a message on its way; nil, and it is kept if it can be, if it gets lost.
    private mutating func send(
        _ message: InvalidationMessage<Key>, to receiver: Int, at now: Instant, isReliable: Bool = false,
        using random: inout RandomStream
    ) -> InvalidationDelivery<Key>? {
        guard receiver != message.sender else {
            totals.sent += 1
            return InvalidationDelivery(message: message, receiver: receiver, at: now)
        }
        guard !partitioned.contains(message.sender), !partitioned.contains(receiver) else {
            totals.cutOff += 1
            keep(message, for: receiver, at: now)
            return nil
        }
        totals.sent += 1
        guard isReliable || !random.chance(settings.loss) else {
            totals.lost += 1
            keep(message, for: receiver, at: now)
            return nil
        }
        let link = link(from: message.sender, to: receiver)
        var arrival = now + max(.zero, settings.latency.sample(using: &random))
        if settings.isInOrder {
            arrival = max(arrival, latestArrivals[link])
            latestArrivals[link] = arrival
        }
        return InvalidationDelivery(message: message, receiver: receiver, at: arrival)
    }

    private mutating func keep(_ message: InvalidationMessage<Key>, for node: Int, at now: Instant) {
        guard let recovery = settings.recovery, queues.indices.contains(node) else { return }
        switch queues[node].add(message, capacity: recovery.capacity, dueAt: now + recovery.delay) {
        case .added: break
        case .merged: totals.superseded += 1
        case .overflowed: totals.overflows += 1
        }
    }

    private func link(from sender: Int, to receiver: Int) -> Int {
        sender * settings.nodes + receiver
    }
}
