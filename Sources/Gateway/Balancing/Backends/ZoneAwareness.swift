public import Timeline

/// Keeps requests in the gateway's own zone as far as that zone has its share of the capacity.
///
/// As Envoy's zone aware routing: with `l` the zone's share of all gateways and `u` its share of the usable backends,
/// all requests stay if `u >= l`; else the part `u / l` of them does, and the rest goes to other zones in proportion
/// to what these have left, `max(0, u - l)` each. Then every zone gets as much as its capacity, though no gateway knows
/// of another. Shares are whole parts of 10 000. Capacity is weight, where Envoy by default counts hosts.
public struct ZoneAwareness: Hashable, Sendable {
    /// The zone of this gateway.
    public let zone: Int
    /// How many gateways there are in each zone.
    public let gateways: [Int]
    /// With fewer usable backends than this, zones are not looked at.
    public let minimumBackends: Int

    static let mostZones = 16

    /// Checks the settings.
    /// - Parameters:
    ///   - zone: the zone of this gateway, one of those listed.
    ///   - gateways: how many gateways there are in each zone, this one included: 1 to 16 zones, 0 to 1 000 000 each,
    ///     at least 1 in this one's. If all are in one zone, requests go everywhere.
    ///   - minimumBackends: 1 or more; 6 by default, as in Envoy.
    /// - Throws: a ``SettingError`` that names the first value out of its range.
    public init(zone: Int, gateways: [Int], minimumBackends: Int = 6) throws(SettingError) {
        guard (1...Self.mostZones).contains(gateways.count) else {
            throw SettingError("gateways", given: gateways.count, allowed: "1 to \(Self.mostZones) zones")
        }
        for count in gateways where !(0...1_000_000).contains(count) {
            throw SettingError("gateways", given: count, allowed: "0 to 1000000 in a zone")
        }
        guard gateways.indices.contains(zone) else {
            throw SettingError("zone", given: zone, allowed: "0 to \(gateways.count - 1)")
        }
        guard gateways[zone] > 0 else {
            throw SettingError("gateways", given: 0, allowed: "1 or more in this gateway's zone")
        }
        guard minimumBackends >= 1 else {
            throw SettingError("minimumBackends", given: minimumBackends, allowed: "1 or more")
        }
        self.zone = zone
        self.gateways = gateways
        self.minimumBackends = minimumBackends
    }

    /// How requests are shared out among zones of these capacities.
    /// - Parameters:
    ///   - capacity: the weight of the usable backends of each zone.
    ///   - backends: how many usable backends there are.
    public func routing(capacity: [Int], backends: Int) -> ZoneRouting {
        guard backends >= minimumBackends, gateways.count(where: { $0 > 0 }) > 1 else { return .everywhere }
        guard capacity.count(where: { $0 > 0 }) > 1 else { return .everywhere }
        let all = capacity.reduce(0, +)
        let allGateways = gateways.reduce(0, +)
        let shares = capacity.map { 10_000 * $0 / all }
        func callers(_ zone: Int) -> Int { zone < gateways.count ? 10_000 * gateways[zone] / allGateways : 0 }
        let own = zone < shares.count ? shares[zone] : 0
        if own > 0, own >= callers(zone) { return .own }

        var residual = 0
        let ends = shares.indices.map { place in
            if place != zone { residual += max(0, shares[place] - callers(place)) }
            return residual
        }
        guard residual > 0 else { return .everywhere }
        let ownCallers = callers(zone)
        return .shared(own: ownCallers > 0 ? own * 10_000 / ownCallers : 0, ends: ends)
    }
}

/// How requests are shared out among zones.
public enum ZoneRouting: Hashable, Sendable {
    /// As if there were no zones.
    case everywhere
    /// All stay in the gateway's own zone.
    case own
    /// Of 10 000 so many stay; the others go where a number below the last end falls, each zone's part ending there.
    case shared(own: Int, ends: [Int])
}

extension ZoneRouting {
    /// The zone for a request; nil for any.
    func zone(own: Int, using random: inout RandomStream) -> Int? {
        switch self {
        case .everywhere: return nil
        case .own: return own
        case .shared(let share, let ends):
            if random.below(10_000) < UInt64(share) { return own }
            let sample = Int(random.below(UInt64(ends.last ?? 0)))
            return ends.firstIndex { sample < $0 }
        }
    }
}
