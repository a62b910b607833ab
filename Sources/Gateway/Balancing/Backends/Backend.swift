public import Timeline

/// A server that requests of a route may go to, as the configuration names it.
public struct Backend: Hashable, Sendable {
    /// Where it is, such as `10.0.0.7:8080`; no two backends of a set have the same.
    public let address: String
    /// Its share of the requests, in proportion to the others' weights; with 0 it gets none while another has more.
    public let weight: Int
    /// The number of the zone that it stands in.
    public let zone: Int

    /// Checks a backend.
    /// - Parameters:
    ///   - address: 1 to 256 bytes.
    ///   - weight: 0 to 65 535; 1 by default.
    ///   - zone: 0 to 15; 0 by default.
    /// - Throws: a ``SettingError`` that names the first value out of its range.
    public init(_ address: String, weight: Int = 1, zone: Int = 0) throws(SettingError) {
        guard (1...256).contains(address.utf8.count) else {
            throw SettingError("address", given: address, allowed: "1 to 256 bytes")
        }
        guard (0...65_535).contains(weight) else { throw SettingError("weight", given: weight, allowed: "0 to 65535") }
        guard (0..<ZoneAwareness.mostZones).contains(zone) else {
            throw SettingError("zone", given: zone, allowed: "0 to \(ZoneAwareness.mostZones - 1)")
        }
        self.address = address
        self.weight = weight
        self.zone = zone
    }
}

/// A backend's name within its set, for as long as it stays there.
///
/// Places are used again; the generation tells who stood there before from who stands there now.
public struct BackendID: Hashable, Sendable {
    /// Where the set and the algorithms keep it, from 0.
    public let place: Int
    /// Goes up each time that somebody leaves the place.
    public let generation: UInt32
}

/// Why a backend may not be used; several reasons can hold at once.
public struct Obstacles: OptionSet, Hashable, Sendable {
    /// One bit for each reason.
    public let rawValue: UInt8

    /// These reasons.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Its health check fails.
    public static let unhealthy = Obstacles(rawValue: 1)
    /// It was found to be an outlier.
    public static let ejected = Obstacles(rawValue: 2)
    /// It has all the connections or requests that it may have. It is well: it counts as healthy, is not used even in
    /// panic, and does not start slowly afterwards.
    public static let full = Obstacles(rawValue: 4)

    /// The reasons for which a backend is not healthy; panic passes over them.
    public static let illness: Obstacles = [.unhealthy, .ejected]
}
