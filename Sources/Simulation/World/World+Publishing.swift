import CQRS
import EventSourcing
import Timeline

// How projections hear of events: from the log, or from services that publish them.

extension World {
    /// The log of a store may have grown: the projections that read it are told.
    mutating func tellProjections(of store: Int) {
        for projection in projections.indices where projections[projection].plan.store == store {
            guard projections[projection].plan.feed == .log else { continue }
            tellOfMore(projection)
        }
    }

    private mutating func tellOfMore(_ projection: Int) {
        let end = end(ofFeedOf: projection)
        for lane in lanes(of: projection) where projections.lanes[lane].run.head < end {
            projections[lane: lane].run.appended(upTo: end)
            drive(lane)
        }
    }

    /// A service that knows that its event counts tells the projections that hear of events only in this way.
    mutating func publish(_ entry: UInt32, of store: Int) {
        let fact = stores[store].facts[stores[store].cluster.tree[entry].payload]
        for projection in projections.indices where isPublished(fact, of: store, to: projection) {
            if faults.areActive, faults.loses(messageOfProjection: projection) {
                noteNotPublished(fact, to: projection)
                continue
            }
            let slot = projections.send(ProjectionHost.Publication(projection: UInt16(projection), entry: entry))
            port.schedule(after: projections[projection].crossing(), .published(slot))
        }
    }

    /// The service that was to publish an event is not there any more.
    mutating func cannotPublish(_ entry: UInt32, of store: Int) {
        let fact = stores[store].facts[stores[store].cluster.tree[entry].payload]
        for projection in projections.indices where isPublished(fact, of: store, to: projection) {
            noteNotPublished(fact, to: projection)
        }
    }

    private func isPublished(_ fact: Fact, of store: Int, to projection: Int) -> Bool {
        let plan = projections[projection].plan
        return plan.store == store && plan.feed == .published
            && (plan.category == nil || plan.category == fact.kind.category)
    }

    private mutating func noteNotPublished(_ fact: Fact, to projection: Int) {
        projections[projection].totals.notPublished += 1
        port.note(.notPublished, .projection(UInt16(projection)), request: fact.request, cause: fact.cause)
    }

    /// An event that a service has published has arrived.
    mutating func publicationArrives(_ slot: UInt32) {
        tellOfMore(projections.receive(slot))
    }
}
