import Bulkheads
import Timeline

/// The chapter of those who do the work. A service has one or more replicas, and each of them is a station: a fixed
/// thread pool. Stations are numbered over all services.
struct ServiceHost: Sendable {
    private struct Service {
        var firstStation: Int
        var replicas: Int
        /// How many of them run, the first ones.
        var running: Int
        var plan: ServicePlan
        var isBlocking: Bool
        var latency: Distribution
        var errors: Double
        var invalid: Double
        var latencyDraws: RandomStream
        var errorDraws: RandomStream
        var invalidDraws: RandomStream

        mutating func sampleLatency() -> Duration { latency.sample(using: &latencyDraws) }

        mutating func sampleFailure(errors share: Double?, isDoomed: Bool) -> Failure? {
            // Both are drawn even if a fault decides, so that a fault does not shift later draws.
            let (fails, isInvalid) = (errorDraws.chance(share ?? errors), invalidDraws.chance(invalid))
            if fails || isDoomed { return .error }
            return isInvalid ? .invalid : nil
        }
    }

    private struct Station {
        var pool: ThreadPool
        var isDown = false
        /// How many of its workers are stuck with a call.
        var stuck = 0
        var workForNobody: UInt64 = 0
    }

    private struct Operation {
        var service: UInt16
        /// Which of its service's operations it is, from 0.
        var ordinal: UInt16
        var latency: Distribution?
        var errors: Double?
    }

    private var services: [Service] = []
    private var stations: [Station] = []
    private var operations: [Operation] = []

    init(plan: Plan) {
        for service in plan.services {
            func stream(_ purpose: String) -> RandomStream {
                RandomStream(seed: plan.seed, name: service.name, purpose: purpose)
            }
            services.append(
                Service(
                    firstStation: stations.count, replicas: service.replicas,
                    running: service.runningReplicas, plan: service, isBlocking: service.blocking,
                    latency: service.latency,
                    errors: service.errors, invalid: service.invalid, latencyDraws: stream("latency"),
                    errorDraws: stream("errors"), invalidDraws: stream("invalid")))
            let pool = ThreadPool(Self.settings(service, workers: service.workers))
            stations += repeatElement(Station(pool: pool), count: service.replicas)
        }
        adopt(plan.operations)
    }

    private mutating func adopt(_ plans: [OperationPlan]) {
        var counts = services.map { _ in UInt16(0) }
        operations = plans.map { plan in
            defer { counts[plan.service] += 1 }
            return Operation(
                service: UInt16(plan.service), ordinal: counts[plan.service], latency: plan.latency, errors: plan.errors
            )
        }
    }

    /// A pool of always as many threads as workers, at least one.
    private static func settings(_ plan: ServicePlan, workers: Int) -> ThreadPool.Settings {
        do {
            return try ThreadPool.Settings(
                core: max(1, workers), maximum: max(1, workers), queue: max(0, plan.queue), whenFull: plan.whenFull,
                order: plan.order, expired: plan.expired, maximumWait: plan.maximumWait)
        } catch {
            preconditionFailure("a plan's sizes are checked: \(error)")
        }
    }

    /// Takes over changed sizes, laws and rates; ``setCapacity(of:share:at:)`` makes sizes count.
    mutating func change(to plan: Plan) {
        adopt(plan.operations)
        for (index, service) in plan.services.enumerated() {
            services[index].isBlocking = service.blocking
            services[index].latency = service.latency
            services[index].errors = service.errors
            services[index].invalid = service.invalid
            services[index].plan = service
        }
    }

    /// The stations of a service, one for each replica.
    func stations(of service: Int) -> Range<Int> {
        services[service].firstStation..<(services[service].firstStation + services[service].replicas)
    }

    /// Where a call is, or goes.
    func station(of frame: Frame) -> Int {
        services[service(of: frame.operation)].firstStation + Int(frame.replica)
    }

    func replicas(of service: Int) -> Int { services[service].replicas }

    /// How many replicas of a service run, the first ones.
    func running(of service: Int) -> Int { services[service].running }

    /// So many replicas of a service run from now on; what the others have they finish.
    mutating func setRunning(_ count: Int, of service: Int) { services[service].running = count }

    /// The stations of the replicas that run.
    func runningStations(of service: Int) -> Range<Int> {
        services[service].firstStation..<(services[service].firstStation + services[service].running)
    }

    func service(of operation: UInt16) -> Int { Int(operations[Int(operation)].service) }

    func ordinal(of operation: UInt16) -> Int { Int(operations[Int(operation)].ordinal) }

    func isBlocking(_ service: Int) -> Bool { services[service].isBlocking }

    func isDown(_ station: Int) -> Bool { stations[station].isDown }

    func pool(_ station: Int) -> ThreadPool { stations[station].pool }

    func workForNobody(_ station: Int) -> UInt64 { stations[station].workForNobody }

    /// How many workers of a station are stuck.
    func stuck(_ station: Int) -> Int { stations[station].stuck }

    /// A worker sticks.
    mutating func sticks(_ station: Int) { stations[station].stuck += 1 }

    /// A worker that was stuck is so no more.
    mutating func comesUnstuck(_ station: Int) { stations[station].stuck -= 1 }

    /// How long a service's work takes, and the share of it that fails, whatever the operation.
    func law(of service: Int) -> (latency: Distribution, errors: Double) {
        (services[service].latency, services[service].errors)
    }

    mutating func setDown(_ station: Int, _ down: Bool) { stations[station].isDown = down }

    mutating func countWorkForNobody(_ station: Int) { stations[station].workForNobody += 1 }

    /// Gives a station this share of its service's workers, at least one; the results are what its threads do now.
    mutating func setCapacity(of station: Int, service: Int, share: Double, at now: Instant) -> [ThreadPool.Next] {
        let plan = services[service].plan
        let workers = max(1, Int((Double(plan.workers) * share).rounded()))
        return stations[station].pool.resize(to: Self.settings(plan, workers: workers), at: now)
    }

    /// A frame asks for a worker.
    mutating func submit(
        _ frame: UInt32, priority: ThreadPool.Priority, deadline: Instant, to station: Int, at now: Instant
    ) -> ThreadPool.Admission {
        stations[station].pool.submit(UInt64(frame), priority: priority, deadline: deadline, at: now)
    }

    /// A worker is free; the result is what it does next.
    mutating func release(
        _ station: Int, _ outcome: ThreadPool.Outcome, startedAt: Instant, at now: Instant
    ) -> ThreadPool.Next {
        stations[station].pool.finish(outcome, startedAt: startedAt, at: now)
    }

    /// A worker has found an expired call, whose caller has been told; the result is what it does next.
    mutating func nextAfterExpired(_ station: Int, at now: Instant) -> ThreadPool.Next {
        stations[station].pool.nextAfterExpired(at: now)
    }

    /// A frame leaves the queue.
    mutating func withdraw(_ frame: UInt32, ticket: UInt32, from station: Int) {
        _ = stations[station].pool.cancel(UInt64(frame), ticket: ticket)
    }

    /// Everybody in the queue leaves it.
    mutating func drain(_ station: Int) -> [UInt32] {
        stations[station].pool.drain().map { UInt32(truncatingIfNeeded: $0) }
    }

    mutating func sampleLatency(of operation: UInt16) -> Duration {
        let service = service(of: operation)
        guard let law = operations[Int(operation)].latency else { return services[service].sampleLatency() }
        return law.sample(using: &services[service].latencyDraws)
    }

    /// How the work of a call fails, which a fault may have doomed; nil if it does not.
    mutating func sampleFailure(of operation: UInt16, isDoomed: Bool) -> Failure? {
        let own = operations[Int(operation)]
        return services[Int(own.service)].sampleFailure(errors: own.errors, isDoomed: isDoomed)
    }
}

extension ServiceHost {
    func mix(into digest: inout Digest) {
        for var service in services { digest.mix(service.latencyDraws.next(), service.errorDraws.next()) }
        for station in stations {
            digest.mix(UInt64(station.pool.active), UInt64(station.pool.queued))
            digest.mix(UInt64(station.pool.totals.submitted), station.isDown ? 1 : 0)
        }
    }
}
