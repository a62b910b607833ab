import Gateway
import Timeline

// The keys of those who issue tokens.

extension World {
    /// A request waits until its gateway has the keys of an issuer.
    mutating func awaitKeys(_ index: UInt32, _ exchange: Exchange, areOnTheirWay: Bool) {
        let gateway = gateways[frame: index].gateway
        gateways.keep(exchange, ofFrame: index)
        gateways[frame: index].askedAt = port.now
        frames[index].phase = .awaiting
        gateways.awaitingKeys[gateway].append(frames.id(of: index))
        note(index, .awaitsKeys, .itself, at: .operation(frames[index].operation))
        guard !areOnTheirWay else { return }
        let delay = gateways.sampleFetch(gateways[frame: index].site)
        port.schedule(after: delay, .keysArrive(UInt32(gateway)))
    }

    /// A gateway has the keys of its issuer: those who wait for them go on.
    mutating func keysArrive(_ gateway: Int) {
        let site = gateways.site(ofGateway: gateway)
        learnKeys(gateway, of: site)
        port.note(.keysFetched, .replica(of: gateways.sites[site], gateway))
        let waiting = gateways.awaitingKeys[gateway]
        gateways.awaitingKeys[gateway] = []
        for id in waiting where frames.isAlive(id) && frames[id.index].phase == .awaiting {
            guard let exchange = gateways.takeExchange(ofFrame: id.index) else { continue }
            frames[id.index].phase = .working
            let next = gateways.gateways[gateway].resume(exchange, at: port.now)
            follow(next, id.index, waited: port.now - gateways[frame: id.index].askedAt)
        }
    }

    private mutating func learnKeys(_ gateway: Int, of site: Int) {
        guard let issuer = gateways.sites[site].issuer else { return }
        gateways.gateways[gateway].authenticator.tokens?.keys.fetched(issuer.published(at: port.now), at: port.now)
        gateways.sites[site].tally.keyFetches += 1
    }

    mutating func scheduleRotation(_ site: Int) {
        guard let rotation = gateways.sites[site].issuer?.plan.rotation else { return }
        port.schedule(after: rotation, .keysRotate(UInt32(site)))
    }

    /// An issuer has a new key.
    mutating func keysRotate(_ site: Int) {
        if let plan = gateways.sites[site].issuer?.plan {
            gateways.sites[site].issuer?.rotate(at: port.now, lead: plan.lead)
            gateways.sites[site].tally.keyRotations += 1
            port.note(.keysRotated, .service(UInt16(gateways.sites[site].service)))
        }
        scheduleRotation(site)
    }

    /// The key that signs tokens for a gateway is honoured no more, though its issuer goes on signing with it.
    mutating func expireKey(ofService service: Int) {
        guard let site = gateways.site(of: service), gateways.sites[site].issuer != nil else { return }
        gateways.sites[site].issuer?.expireSigner(at: port.now)
        for gateway in gateways.sites[site].gateways { learnKeys(gateway, of: site) }
    }

    /// An issuer has found out that its key is honoured no more: everybody gets tokens that a new one has signed.
    mutating func replaceKey(ofService service: Int) {
        guard let site = gateways.site(of: service) else { return }
        gateways.sites[site].issuer?.replaceSigner(at: port.now)
        gateways.sites[site].tally.keyRotations += 1
        for gateway in gateways.sites[site].gateways { learnKeys(gateway, of: site) }
    }
}

extension Component {
    /// The replica of a site that a gateway is; the service if there is one only.
    fileprivate static func replica(of site: GatewayHost.Site, _ gateway: Int) -> Component {
        site.replicas == 1
            ? .service(UInt16(site.service))
            : .replica(service: UInt16(site.service), UInt8(gateway - site.first))
    }
}
