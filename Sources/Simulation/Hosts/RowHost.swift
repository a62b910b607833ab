import Timeline

/// The chapter of the rows that are written only by whoever has read their latest version: one row a service.
///
/// Source: Marc Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog, 2015, whose clients contend so.
struct RowHost: Sendable {
    private var versions: [UInt32]
    private var accesses: [RowAccess]
    private var conflicts: [UInt64]

    init(plan: Plan) {
        versions = plan.services.map { _ in 1 }
        conflicts = plan.services.map { _ in 0 }
        accesses = plan.operations.map(\.row)
    }

    /// What an operation does with its service's row.
    func access(of operation: UInt16) -> RowAccess { accesses[Int(operation)] }

    func version(ofService service: Int) -> UInt32 { versions[service] }

    /// Writes a row whose version was read; false, and nothing is written, if it has changed since.
    mutating func write(service: Int, ifVersion version: UInt32) -> Bool {
        guard version == versions[service] else {
            conflicts[service] += 1
            return false
        }
        versions[service] &+= 1
        return true
    }

    /// How many writings found that the row had changed.
    func conflicts(ofService service: Int) -> UInt64 { conflicts[service] }
}

extension RowHost {
    func mix(into digest: inout Digest) {
        for (version, count) in zip(versions, conflicts) { digest.mix(UInt64(version), count) }
    }
}
