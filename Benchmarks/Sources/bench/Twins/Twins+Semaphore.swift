import Bulkheads
import ReferencePatterns
import Timeline

extension Twins {
    /// A permit is always free.
    static func semaphore() throws -> Result {
        var ours = SemaphoreUse(semaphore: Semaphore(try Semaphore.Settings(permits: 25)))
        let reference = reference_semaphore_create(25, 0)
        defer { reference_semaphore_destroy(reference) }
        return compare("semaphore: acquire, release") {
            ours.run()
        } reference: {
            reference_semaphore_run(reference, UInt64(uses))
        }
    }

    /// Callers wait, and some of them too long.
    static func semaphoreLine() throws -> Result {
        let gaps = lengths(mean: .microseconds(1), purpose: "steps")
        var random = RandomStream(seed: 1, name: "twins", purpose: "asks")
        let asks = (0..<tableSize).map { _ in UInt8(random.below(2)) }
        let settings = try Semaphore.Settings(permits: 8, maximumWait: .microseconds(50))
        var ours = SemaphoreUse(semaphore: Semaphore(settings))
        let reference = reference_semaphore_create(8, 50_000)
        defer { reference_semaphore_destroy(reference) }
        let result = compare("semaphore: callers in line") {
            ours.runWaiting(gaps, asks)
        } reference: {
            reference_semaphore_wait(reference, gaps, asks, UInt64(tableSize), UInt64(uses))
        }
        let totals = ours.semaphore.totals
        precondition(totals.timedOut > 1_000 && totals.longestWait > .zero, "callers wait, and some too long")
        return result
    }

    private struct SemaphoreUse {
        var semaphore: Semaphore
        var now = Instant.zero
        var caller: UInt64 = 0

        mutating func run() -> UInt64 {
            var digest = DecisionDigest()
            for use in 0..<uses {
                now = now + .microseconds(1)
                digest.mix(semaphore.acquire(UInt64(use), at: now))
                digest.mix(semaphore.release(at: now))
            }
            return digest.value
        }

        mutating func runWaiting(_ gaps: [Int64], _ asks: [UInt8]) -> UInt64 {
            var digest = DecisionDigest()
            for use in 0..<uses {
                let entry = use & (tableSize - 1)
                now = now + .nanoseconds(gaps[entry])
                while let expired = semaphore.popExpired(at: now) { digest.mix(expired) }
                if asks[entry] == 1 {
                    caller += 1
                    digest.mix(semaphore.acquire(caller, at: now))
                } else {
                    digest.mix(semaphore.release(at: now))
                }
            }
            return digest.value
        }
    }
}

extension DecisionDigest {
    fileprivate mutating func mix(_ admission: Semaphore.Admission) {
        switch admission {
        case .permitted: mix(0)
        case .waiting(let place): mix(1 << 32 | UInt64(place.position))
        case .rejected: mix(2 << 32)
        }
    }

    fileprivate mutating func mix(_ waiter: Semaphore.Waiter?) {
        guard let waiter else { return }
        mix(waiter.caller << 20 | UInt64(bitPattern: waiter.waited.nanoseconds))
    }
}
