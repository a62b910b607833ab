import Simulation
import Timeline

/// A faulty checkout, as a scenario file: another one for each seed.
///
/// Its services and what drives its sagas crash, replies get lost, come late and in another order, and networks hang; its
/// steps are tried again by guards and by sagas, in groups or one after another, with locks or without, and undone in any
/// order. At every moment the money adds up, and at the end the stock does.
struct SagaStorm {
    let seed: UInt64
    /// Its text.
    let text: String

    init(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "saga storm", purpose: "test")
        func pick(_ choices: [String]) -> String { choices[Int(random.below(UInt64(choices.count)))] }
        let faults = (0..<9).map { _ in Self.fault(using: &random) }
        let group = pick(["", ", group: first"])
        func guards(retry: Bool, breaker: Bool) -> String {
            let names = (retry ? ["retry"] : []) + (breaker ? ["breaker"] : []) + ["timeout"]
            return "    guards: [\(names.joined(separator: ", "))]"
                + (retry ? "\n    retry: {attempts: 3, backoff: exponential 20ms to 200ms}" : "")
                + (breaker ? "\n    breaker: {window: 20 calls, failures: 50%, open: 1s, probes: 2}" : "")
        }
        self.seed = seed
        text = """
            # A storm: everything breaks, and every cent and every piece is accounted for.
            sagascope: 1
            name: saga-storm-\(seed)
            about: Random faults in a shop, and in what drives its sagas.
            seed: \(seed)
            duration: 10s
            services:
              shop:      {workers: 64, queue: 256, latency: constant 1ms}
              inventory:
                workers: 16
                queue: 64
                latency: lognormal p50 5ms p99 60ms
                stock: 10000
                operations: {reserve: {stock: take-if-any}, release: {stock: give-back}, update: {}}
              payment:
                workers: 16
                queue: 64
                latency: lognormal p50 20ms p99 200ms
                errors: 3%
                operations: {charge: {books: charged}, refund: {books: refunded}}
              orders:
                workers: 16
                queue: 64
                latency: exponential mean 4ms
                operations: {validate: {}, reject: {}, confirm: {books: confirmed}}
              mail: {workers: 4, queue: 16, latency: exponential mean 20ms}
            edges:
              shop -> payment:
            \(pick([guards(retry: true, breaker: true), guards(retry: false, breaker: true), guards(retry: false, breaker: false)]))
                timeout: 400ms
                network: exponential mean 5ms
            sagas:
              buy:
                runs in: shop
                timeout: \(pick(["5s", "20s", "none"]))
                takeover: \(pick(["100ms", "1s"]))
                isolation: \(pick(["none", "none", "lock key", "lock key or give up"]))
                compensation: {order: \(pick(["reverse", "parallel"]))}
                steps:
                  - {name: validate, call: orders.validate,   undo: orders.reject,      retry: 2 attempts, timeout: 1s}
                  - {name: reserve,  call: inventory.reserve, undo: inventory.release,  timeout: 500ms\(group)}
                  - {name: charge,   call: payment.charge,    undo: payment.refund,     retry: 3 attempts, timeout: 1s\(group)}
            \(pick([
                "      - {name: confirm, call: orders.confirm, pivot: true, retry: 2 attempts, timeout: 1s}",
                "      - {name: confirm, call: orders.confirm, retry: until done, group: finalization, timeout: 1s}",
            ]))
                  - {name: update, call: inventory.update, retry: until done, group: finalization, timeout: 1s}
                  - {name: notify, call: mail.send, critical: no, retry: 2 attempts, group: finalization, timeout: 500ms}
            load:
              buyers: {start: buy, rate: 15/s, arrivals: poisson, keys: uniform over \(pick(["20", "1000"]))}
            timeline: |
            \(faults.map { "  \($0)" }.joined(separator: "\n"))
            expect: |
              always  charged == confirmed + refunded + pending
              always  oversold(inventory) == 0
              at end  pending == 0
              at end  running(buy) == 0
              at end  compensating(buy) == 0
              at end  compensation failed(buy) == 0
              at end  attention(buy) == 0
              at end  stock(inventory) + completed(buy) == 10000

            """
    }

    /// A fault somewhere, at some time, over before the load stops.
    private static func fault(using random: inout RandomStream) -> String {
        func pick(_ choices: [String]) -> String { choices[Int(random.below(UInt64(choices.count)))] }
        let service = pick(["inventory", "payment", "orders", "mail"])
        let call = pick([
            "inventory.reserve", "payment.charge", "payment.refund", "orders.confirm", "inventory.release",
        ])
        let point = CrashPoint.allCases[Int(random.below(UInt64(CrashPoint.allCases.count)))].rawValue
        let what = pick([
            "crash on \(service)", "crash on shop", "error on \(call) with probability 60%",
            "error on shop -> payment with probability 50%", "hang on shop -> payment with probability 30%",
            "hang on \(call) with probability 50%", "latency on \(service) add 300ms jitter 100%",
            "stuck on \(service) workers 3", "capacity on \(service) lose 75%",
            "interrupt on buy at \(point) with probability 20%", "interrupt on buy at \(point) with probability 60%",
            "interrupt on buy.charge at \(point)",
        ])
        let start = 500 + random.below(6_500)
        return "at \(start)ms inject \(what) for \(200 + random.below(2_500))ms"
    }
}
