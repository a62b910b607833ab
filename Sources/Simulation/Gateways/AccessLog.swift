import Gateway

/// The latest lines of a gateway's access log, so many and no more.
struct AccessLog: Sendable {
    private static let capacity = 200

    private var ring: [AccessLogEntry] = []
    private var next = 0
    /// How many have been written since the beginning.
    private(set) var written = 0

    mutating func append(_ entry: AccessLogEntry) {
        if ring.count < Self.capacity {
            ring.append(entry)
        } else {
            ring[next] = entry
        }
        next = (next + 1) % Self.capacity
        written += 1
    }

    /// The lines, the latest first.
    var latest: [AccessLogEntry] {
        ring.count < Self.capacity ? ring.reversed() : (ring[next...] + ring[..<next]).reversed()
    }
}
