import Gateway
import Timeline

// The limit that the replicas of a gateway share.

extension World {
    mutating func scheduleSharing(_ site: Int) {
        guard let shared = gateways.sites[site].plan.sharedLimit else { return }
        port.schedule(after: shared.period, .limitsShared(UInt32(site)))
    }

    /// The replicas of a gateway tell each other how many requests they have let pass.
    mutating func limitsShared(_ site: Int) {
        scheduleSharing(site)
        guard let shared = gateways.sites[site].plan.sharedLimit else { return }
        let stations = services.stations(of: gateways.sites[site].service)
        for (gateway, station) in zip(gateways.sites[site].gateways, stations) where !services.isDown(station) {
            guard let report = gateways.gateways[gateway].sharedLimit?.report(at: port.now) else { continue }
            let news = GatewayHost.News(site: site, report: report)
            port.schedule(after: shared.delay, .limitHeard(gateways.news.put(news)))
        }
    }

    /// What a replica has told the others has come.
    mutating func limitHeard(_ slot: UInt32) {
        let news = gateways.news.take(slot)
        for gateway in gateways.sites[news.site].gateways {
            gateways.gateways[gateway].sharedLimit?.hear(news.report, at: port.now)
        }
    }
}
