import EventSourcing
import Timeline

// The nodes of the event stores: what is on its way between them, what their disks have written, and what counts.

extension World {
    /// Whether a node takes calls: it runs, and does not stand still.
    func reaches(_ node: UInt8, of store: Int) -> Bool {
        guard faults.areActive else { return true }
        return faults.fault(.crash, onNode: Int(node), ofStore: store) == nil
            && faults.fault(.pause, onNode: Int(node), ofStore: store) == nil
    }

    /// Carries out what the nodes of a store ask for; what counts takes its effect before anybody is told.
    mutating func carryOut(_ effects: [ClusterEffect], of store: Int) {
        let others =
            faults.areActive
            ? stores.carryOut(effects, of: store, slower: { faults.slowsDisk(ofNode: $0, store: store) }, &port)
            : stores.carryOut(effects, of: store, &port)
        for effect in others {
            switch effect {
            case .answer(let ticket, let answer): answered(ticket, answer)
            case .counts(let entry): takeEffect(of: entry, in: store)
            case .leads(let node, _, let epoch):
                if epoch > 1 {
                    port.note(.leads, .store(UInt16(store)), why: .node(UInt8(node), epoch: epoch))
                }
            case .lost(_, let entries):
                port.note(.eventsLost, .store(UInt16(store)), why: .count(UInt32(clamping: entries)))
            case .send, .write, .wake: break
            }
        }
        port.touched.insert(.stores)
        tellProjections(of: store)
    }

    /// Something between the nodes of a store, or on a disk, is due.
    mutating func storeWorks(_ slot: UInt32) {
        let work = stores.take(slot)
        if faults.areActive, isHeldUp(work) { return }
        handle(work)
    }

    /// A copy of a partition is called.
    mutating func storeWakes(_ code: UInt32) {
        let (store, replica) = (Int(code >> 16), Int(code & 0xffff))
        stores[store].timers[replica] = .none
        let work = StoreHost.Work(store: UInt16(store), kind: .wake(replica: replica))
        if faults.areActive, isHeldUp(work) { return }
        handle(work)
    }

    mutating func handle(_ work: StoreHost.Work) {
        let store = Int(work.store)
        var effects: [ClusterEffect] = []
        switch work.kind {
        case .message(let message): stores[store].cluster.receive(message, at: port.now, &effects)
        case .written(let replica, let tip):
            stores[store].cluster.written(replica, tip: tip, at: port.now, &effects)
        case .wake(let replica): stores[store].cluster.wake(replica, at: port.now, &effects)
        case .parcel(let slot): return parcelComes(slot, to: store)
        case .kept(let slot): return parcelKept(slot, of: store)
        case .round(let node): return beginRound(of: node, in: store)
        }
        carryOut(effects, of: store)
    }

    /// Whether a fault keeps something from its node, for now or for ever.
    mutating func isHeldUp(_ work: StoreHost.Work) -> Bool {
        let (store, node) = (Int(work.store), stores.node(of: work))
        if faults.fault(.pause, onNode: node, ofStore: store) != nil {
            stores.hold(work)
            return true
        }
        guard let (sender, receiver) = stores.ends(of: work) else { return false }
        for end in [sender, receiver] {
            guard let cut = faults.fault(.cut, onNode: end, ofStore: store) else { continue }
            faults.hit(cut)
            isLost(work, by: cut)
            return true
        }
        for end in [sender, receiver] where faults.loses(messageOfNode: end, ofStore: store) {
            isLost(work, by: faults.fault(.lose, onNode: end, ofStore: store))
            return true
        }
        return false
    }

    /// A node of an event store dies.
    mutating func crash(node: Int, of store: Int, by fault: Int) {
        faults.hit(fault)
        stores[store].crash(node)
        port.note(.crashed, .store(UInt16(store)), why: .node(UInt8(node), epoch: 0), cause: faults.faults[fault].entry)
        port.touched.insert(.stores)
    }

    /// A node of an event store comes back, unless another fault holds it down.
    mutating func restart(node: Int, of store: Int, cause: EntryID) {
        guard faults.fault(.crash, onNode: node, ofStore: store) == nil else { return }
        let entry = port.note(.restarted, .store(UInt16(store)), why: .node(UInt8(node), epoch: 0), cause: cause)
        guard stores[store].available == nil else { return rejoin(node, in: store, cause: entry) }
        var effects: [ClusterEffect] = []
        stores[store].cluster.restart(node, at: port.now, &effects)
        carryOut(effects, of: store)
    }

    /// A node of an event store goes on, as if no time had passed, unless another fault holds it.
    mutating func resume(node: Int, of store: Int) {
        guard faults.fault(.pause, onNode: node, ofStore: store) == nil else { return }
        stores[store].available?.returned(node)
        for work in stores.release(node, of: store) { handle(work) }
    }

    /// An event counts: what its operation books is booked here and nowhere else.
    private mutating func takeEffect(of entry: UInt32, in store: Int) {
        stores[store].takeEffect(of: entry)
        takeEffect(ofFact: stores[store].cluster.tree[entry].payload, in: store)
    }

    /// What an event says takes its effect.
    mutating func takeEffect(ofFact number: UInt64, in store: Int) {
        let fact = stores[store].facts[number]
        stores[store].totals.count(fact.kind.category)
        let noted = port.note(
            .appended, .store(UInt16(store)), request: fact.request, cause: fact.cause)
        stores[store].facts[number].cause = noted
        guard !fact.isVoid, let account = scripts.account(fact.operation) else { return }
        ledger.book(fact.amount, to: account, saga: fact.saga, request: fact.request)
        port.note(
            .booked, .ledger, why: .cents(fact.amount, account: UInt16(account)), request: fact.request, cause: noted)
        port.touched.insert(.ledger)
    }
}
