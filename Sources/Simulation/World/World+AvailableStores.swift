import EventSourcing
import Timeline

// Event stores that prefer availability: what comes to a node, what its disk has written, and what differs.

extension World {
    /// A node has its disk write what has come: an append, or what another node knew.
    mutating func write(_ parcel: Parcel, of store: Int) {
        var parcel = parcel
        parcel.crashes = stores[store].available?.crashes[Int(parcel.node)] ?? 0
        let slower = faults.areActive ? faults.slowsDisk(ofNode: Int(parcel.node), store: store) : .zero
        let length = stores[store].writing() + slower
        guard let slot = stores[store].available?.parcels.put(parcel) else { return }
        stores.schedule(.kept(slot), of: store, after: length, &port)
    }

    private mutating func send(_ message: ReplicaMessage, of store: Int) {
        guard let slot = stores[store].available?.parcels.put(Parcel(message)) else { return }
        stores.schedule(.parcel(slot), of: store, after: stores[store].crossing(), &port)
    }

    /// A message has come to a node: what it brings is written first.
    mutating func parcelComes(_ slot: UInt32, to store: Int) {
        guard let parcel = stores[store].available?.parcels.take(slot), case .message(let message) = parcel.content,
            stores[store].available?.isUp[Int(parcel.node)] == true
        else { return }
        guard message.entryCount > 0 else { return receive(message, of: store) }
        write(parcel, of: store)
    }

    /// The disk of a node has written something, unless the node has crashed meanwhile.
    mutating func parcelKept(_ slot: UInt32, of store: Int) {
        guard let parcel = stores[store].available?.parcels.take(slot),
            parcel.crashes == stores[store].available?.crashes[Int(parcel.node)]
        else { return }
        switch parcel.content {
        case .message(let message): receive(message, of: store)
        case .append(let append): take(append, at: parcel.node, of: store)
        }
    }

    /// An append takes place: it counts, the service is told, and so are the other nodes.
    private mutating func take(_ append: Parcel.Append, at node: UInt8, of store: Int) {
        guard let result = stores[store].available?.append(append, at: Int(node), now: port.now) else { return }
        let slot = stores.command(withTicket: append.ticket)
        switch result {
        case .counts(let entry):
            takeEffect(ofFact: append.payload, in: store)
            announce(entry, at: Int(node), of: store)
            if let slot { goBack(slot) }
        case .isRepeated(let entry):
            stores[store].totals.repeated += 1
            if let entry { announce(entry, at: Int(node), of: store) }
            if let slot { goBack(slot) }
        case .isOutdated:
            if let slot { conflict(slot) }
        case .hasNoRoom:
            if let slot { commandFailed(slot, .outOfRoom) }
        }
        port.touched.insert(.stores)
    }

    private mutating func announce(_ entry: UInt32, at node: Int, of store: Int) {
        for message in stores[store].announcements(of: entry, by: node) { send(message, of: store) }
    }

    /// A node takes a message, answers it, and says what it has found out.
    private mutating func receive(_ message: ReplicaMessage, of store: Int) {
        let news = stores[store].receive(message)
        for reply in news.replies { send(reply, of: store) }
        guard message.entryCount > 0 else { return }
        for entry in news.concurrent { noteConcurrent(entry, in: store) }
        for number in news.overruled {
            let fact = stores[store].facts[number]
            port.note(.overruled, .store(UInt16(store)), request: fact.request, cause: fact.cause)
        }
        noteIfAlike(store)
        port.touched.insert(.stores)
    }

    /// A node of a store is to compare what it knows with another one.
    mutating func storeCompares(_ code: UInt32) {
        let (store, node) = (Int(code >> 16), Int(code & 0xffff))
        stores[store].available?.wakes[node] = .none
        let work = StoreHost.Work(store: UInt16(store), kind: .round(node: node))
        if faults.areActive, isHeldUp(work) { return }
        handle(work)
    }

    mutating func beginRound(of node: Int, in store: Int) {
        if let message = stores[store].available?.beginRound(of: node, at: port.now) { send(message, of: store) }
        guard stores[store].available?.isUp[node] == true else { return }
        stores.setRound(of: node, in: store, &port)
    }

    /// A node comes back and begins to ask what it has missed.
    mutating func rejoin(_ node: Int, in store: Int, cause: EntryID) {
        stores[store].available?.restart(node, at: port.now)
        stores.setRound(of: node, in: store, &port)
        noteIfApart(store, cause: cause)
        port.touched.insert(.stores)
    }
}

extension Store {
    /// What a node tells the others of what was just appended to it.
    fileprivate mutating func announcements(of entry: UInt32, by node: Int) -> [ReplicaMessage] {
        available?.announcements(of: entry, by: node) ?? []
    }

    fileprivate mutating func receive(_ message: ReplicaMessage) -> AvailableNodes.News {
        available?.receive(message, &facts) ?? AvailableNodes.News()
    }
}
