import Foundation
import Scenarios
import Timeline

/// A system of orders, payments, projections and queries in which everything breaks, as a scenario file: another one for
/// each seed.
///
/// A node that is cut off answers by what it knows: a confirmation that may have happened can be refused by it, and then
/// the saga waits for an operator, who tries again when the store is whole.
struct Storm {
    let seed: UInt64
    /// Its text.
    let text: String

    /// How many storms there are: 20, or as many as the environment says.
    static let seeds: ClosedRange<UInt64> = {
        let asked = ProcessInfo.processInfo.environment["SAGASCOPE_STORMS"].flatMap { UInt64($0) }
        return 1...max(1, asked ?? 20)
    }()

    init(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "storm", purpose: "test")
        func pick(_ choices: [String]) -> String { choices[Int(random.below(UInt64(choices.count)))] }
        let nodes = pick(["3", "3", "5"])
        let faults = (0..<8).map { _ in Self.fault(using: &random, nodes: Int(nodes) ?? 3) }
        self.seed = seed
        text = """
            # A storm: everything breaks, and nothing may get lost.
            sagascope: 1
            name: storm-\(seed)
            about: Random faults in an event store of \(nodes) nodes, its services and its projections.
            seed: \(seed)
            duration: 8s
            stores:
              log:
                nodes: \(nodes)
                partitions: \(pick(["1", "4", "8"]))
                disk: lognormal p50 \(pick(["1ms", "5ms"])) p99 50ms
                network: exponential mean 1ms
                snapshots: \(pick(["none", "2", "10"]))
                timeout: 1s
            projections:
              orders-of-all: {reads: log, events: order, lanes: \(pick(["1", "2", "3"])), batch: \(pick(["1", "7", "100"])), linger: \(pick(["0s", "20ms"])), network: exponential mean 1ms, poison: \(pick(["0%", "2%"])), timeout: 300ms}
              payments: {reads: log, events: payment, filter: \(pick(["store", "projection"])), read ahead: \(pick(["0", "50"])), timeout: 300ms}
              everything: {reads: log, batch: \(pick(["3", "50"])), commit: exponential mean 5ms, timeout: 300ms}
            services:
              orders:
                workers: 32
                queue: 64
                latency: exponential mean 2ms
                operations:
                  create: {command: create order in log}
                  confirm: {command: confirm order in log, books: confirmed}
                  cancel: {command: cancel order in log}
                  count: {command: record event in log}
                  look: {query: orders-of-all, own writes: 100ms}
              payment:
                workers: 32
                queue: 64
                latency: exponential mean 3ms
                errors: 1%
                operations:
                  charge: {command: process payment in log, books: charged}
                  begin: {command: initiate payment in log}
                  refund: {command: refund payment in log, books: refunded}
              shop: {workers: 64, queue: 64, latency: constant 1ms, blocking: no, operations: {place: [call orders.count, call orders.look]}}
            edges:
              shop -> orders: {guards: [retry, timeout], retry: {attempts: 3, backoff: exponential 20ms to 200ms}, timeout: 800ms}
            sagas:
              buy:
                runs in: shop
                timeout: 20s
                steps:
                  - {name: create,  call: orders.create,   undo: orders.cancel,    retry: 3 attempts}
                  - {name: begin,   call: payment.begin,   retry: 3 attempts}
                  - {name: charge,  call: payment.charge,  undo: payment.refund,   retry: 3 attempts}
                  - {name: confirm, call: orders.confirm,  retry: 3 attempts, pivot: true}
            load:
              buyers: {start: buy, rate: 12/s, arrivals: poisson}
              lookers: {call: shop.place, rate: 12/s, arrivals: poisson, keys: zipf 1.0 over 30}
            timeline: |
            \(faults.map { "  \($0)" }.joined(separator: "\n"))
              at 7s    rebuild everything
              at 7.5s  set projections.orders-of-all.poison 0%
              at 30s   saga retry buy attention because "the store is whole again"
            expect: |
              always    lost events(log) == 0
              always    projected twice(orders-of-all) == 0
              always    projected twice(payments) == 0
              always    projected twice(everything) == 0
              at end    charged == confirmed + refunded + pending
              at end    unprojected(orders-of-all) == 0
              at end    unprojected(payments) == 0
              at end    unprojected(everything) == 0
              at end    projected(everything) == appended(log)

            """
    }

    /// A fault somewhere, at some time, over before the load stops.
    private static func fault(using random: inout RandomStream, nodes: Int) -> String {
        func pick(_ choices: [String]) -> String { choices[Int(random.below(UInt64(choices.count)))] }
        let node = "log#\(1 + random.below(UInt64(nodes)))"
        let projection = pick(["orders-of-all", "payments", "everything"])
        let what = pick([
            "crash on \(node)", "cut on \(node)", "pause on \(node)", "lose on \(node) with probability 50%",
            "latency on \(node) add 200ms jitter 90%", "crash on \(projection)",
            "lose on \(projection) with probability 30%", "latency on \(projection) add 300ms jitter 90%",
            "error on \(projection) with probability 50%", "crash on orders", "crash on payment",
        ])
        let start = 500 + random.below(5_500)
        return "at \(start)ms inject \(what) for \(200 + random.below(2_000))ms"
    }
}
