import EventSourcing
import Timeline

// What is said of event stores that prefer availability: conflicts, and that nodes differ or are alike again.

extension World {
    /// Some node has found that an append was made in ignorance of another one.
    mutating func noteConcurrent(_ number: UInt32, in store: Int) {
        guard let entry = stores[store].available?.arena[number] else { return }
        let fact = stores[store].facts[entry.payload]
        port.note(
            .concurrent, .store(UInt16(store)), why: .stream(entry.stream, node: entry.origin), request: fact.request,
            cause: fact.cause)
    }

    /// A fault has swallowed something on its way between nodes.
    mutating func isLost(_ work: StoreHost.Work, by fault: Int?) {
        guard case .parcel(let slot) = work.kind else { return }
        let parcel = stores[Int(work.store)].available?.parcels.take(slot)
        guard case .message(let message)? = parcel?.content, message.entryCount > 0 else { return }
        noteIfApart(Int(work.store), cause: fault.map { faults.faults[$0].entry } ?? .none)
    }

    /// Says once that nodes do not know the same, and will not before they have compared what they know.
    mutating func noteIfApart(_ store: Int, cause: EntryID) {
        guard let nodes = stores[store].available, nodes.diverged > 0, nodes.apartSince == nil else { return }
        stores[store].available?.apartSince = port.now
        stores[store].available?.apartEntry = port.note(.diverged, .store(UInt16(store)), cause: cause)
    }

    /// Says so once all nodes that are up know the same again.
    mutating func noteIfAlike(_ store: Int) {
        guard let nodes = stores[store].available, let since = nodes.apartSince, nodes.diverged == 0 else { return }
        stores[store].available?.apartSince = nil
        port.note(.converged, .store(UInt16(store)), why: .took(port.now - since), cause: nodes.apartEntry)
    }
}

extension World {
    /// Whether the nodes of each store that prefers availability have its streams alike, but for stores where a fault
    /// keeps them from it.
    var areNodesAlike: Bool {
        stores.stores.indices.allSatisfy { store in
            guard let nodes = stores[store].available, nodes.diverged > 0 else { return true }
            return nodes.replicas.indices.contains { node in
                [FaultPlan.Kind.cut, .pause, .lose].contains { faults.fault($0, onNode: node, ofStore: store) != nil }
            }
        }
    }
}
