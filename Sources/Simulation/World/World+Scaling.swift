import Timeline

// How many replicas of a service run.

extension World {
    /// So many replicas of a service run from now on, the first ones. Those that leave get no more calls and finish what
    /// they have; those that come have nothing in memory.
    mutating func scale(_ service: Int, to count: Int) {
        let old = services.running(of: service)
        guard count != old else { return }
        services.setRunning(count, of: service)
        port.touched.insert([.queues, .replicas])
        let entry = port.note(
            .scaled, .service(UInt16(service)),
            why: .changed(from: UInt32(clamping: old), to: UInt32(clamping: count)))
        for replica in old..<max(old, count) { startCold(replica, of: service, cause: entry) }
        if caches.exists(service) {
            for replica in count..<max(old, count) { stopWarming(replica, of: service) }
        }
        for probe in balancers.scale(service, to: count, cause: entry, &port) where frames.isAlive(probe) {
            giveUp(probe.index)
        }
        losePools(of: service, cause: entry)
    }

    private mutating func startCold(_ replica: Int, of service: Int, cause: EntryID) {
        guard caches.exists(service) else { return }
        caches[service].loseMemory(ofNode: replica)
        warmRestarted(replica, of: service, cause: cause)
    }

    /// How many replicas of a service run.
    public func running(ofService service: Int) -> Int { services.running(of: service) }

    /// Whether a replica of a service runs, well or not.
    public func isRunning(service: Int, replica: Int) -> Bool { replica < services.running(of: service) }
}
