import Bulkheads
import Timeline

/// The chapter of those who do the work: each service is a fixed thread pool with a law for its latency.
struct ServiceHost: Sendable {
    private struct Service {
        var pool: ThreadPool
        var workers: Int
        var queue: Int
        var isDown = false
        var isBlocking: Bool
        var latency: Distribution
        var errors: Double
        var latencyDraws: RandomStream
        var errorDraws: RandomStream
        var workForNobody: UInt64 = 0

        mutating func sampleLatency() -> Duration { latency.sample(using: &latencyDraws) }
    }

    private struct Operation {
        var service: UInt16
        var latency: Distribution?
        var errors: Double?
    }

    private var services: [Service]
    private var operations: [Operation] = []

    init(plan: Plan) {
        services = plan.services.map { service in
            Service(
                pool: ThreadPool(Self.settings(workers: service.workers, queue: service.queue)),
                workers: service.workers, queue: service.queue, isBlocking: service.blocking, latency: service.latency,
                errors: service.errors,
                latencyDraws: RandomStream(seed: plan.seed, name: service.name, purpose: "latency"),
                errorDraws: RandomStream(seed: plan.seed, name: service.name, purpose: "errors"))
        }
        adopt(plan.operations)
    }

    private mutating func adopt(_ plans: [OperationPlan]) {
        operations = plans.map { Operation(service: UInt16($0.service), latency: $0.latency, errors: $0.errors) }
    }

    /// A pool of always as many threads as workers, at least one.
    private static func settings(workers: Int, queue: Int) -> ThreadPool.Settings {
        do {
            return try ThreadPool.Settings(core: max(1, workers), maximum: max(1, workers), queue: max(0, queue))
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
            services[index].workers = service.workers
            services[index].queue = service.queue
        }
    }

    /// Gives a service this share of its workers, at least one; the results are frames that may start.
    mutating func setCapacity(of service: Int, share: Double, at now: Instant) -> [UInt32] {
        let workers = max(1, Int((Double(services[service].workers) * share).rounded()))
        return services[service].pool
            .resize(to: Self.settings(workers: workers, queue: services[service].queue), at: now)
            .map { UInt32(truncatingIfNeeded: $0.task) }
    }

    func service(of operation: UInt16) -> Int { Int(operations[Int(operation)].service) }

    func isBlocking(_ service: Int) -> Bool { services[service].isBlocking }

    func isDown(_ service: Int) -> Bool { services[service].isDown }

    mutating func setDown(_ service: Int, _ down: Bool) { services[service].isDown = down }

    /// A frame asks for a worker.
    mutating func submit(_ frame: UInt32, to service: Int, at now: Instant) -> ThreadPool.Admission {
        services[service].pool.submit(UInt64(frame), at: now)
    }

    /// A worker is free; the result is the frame that it takes next.
    mutating func release(_ service: Int, at now: Instant) -> UInt32? {
        services[service].pool.finish(at: now).map { UInt32(truncatingIfNeeded: $0.task) }
    }

    /// Everybody in the queue leaves it.
    mutating func drain(_ service: Int) -> [UInt32] {
        services[service].pool.drain().map { UInt32(truncatingIfNeeded: $0) }
    }

    mutating func sampleLatency(of operation: UInt16) -> Duration {
        let service = service(of: operation)
        guard let law = operations[Int(operation)].latency else { return services[service].sampleLatency() }
        return law.sample(using: &services[service].latencyDraws)
    }

    mutating func sampleError(of operation: UInt16) -> Bool {
        let service = service(of: operation)
        let share = operations[Int(operation)].errors ?? services[service].errors
        return services[service].errorDraws.chance(share)
    }

    mutating func countWorkForNobody(_ service: Int) { services[service].workForNobody += 1 }

    func pool(_ service: Int) -> ThreadPool { services[service].pool }

    func workForNobody(_ service: Int) -> UInt64 { services[service].workForNobody }
}

extension ServiceHost {
    func mix(into digest: inout Digest) {
        for var service in services {
            digest.mix(service.latencyDraws.next(), service.errorDraws.next())
            digest.mix(UInt64(service.pool.active), UInt64(service.pool.queued))
            digest.mix(UInt64(service.pool.totals.submitted), service.isDown ? 1 : 0)
        }
    }
}
