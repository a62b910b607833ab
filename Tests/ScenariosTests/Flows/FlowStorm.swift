import Timeline

/// A faulty shop without an orchestrator, as a scenario file: another one for each seed.
///
/// Services and the broker crash, replies and events get lost, come twice, late and in another order, and subscriptions
/// are gone for a while. A watchdog ends what does not get on, and an operator has delivered again what is left. At every
/// moment the money adds up, and at the end the stock does.
struct FlowStorm {
    /// Its text.
    let text: String

    init(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "flow storm", purpose: "test")
        func pick(_ choices: [String]) -> String { choices[Int(random.below(UInt64(choices.count)))] }
        let faults = (0..<9).map { _ in Self.fault(using: &random) }
        text = """
            # A storm without an orchestrator: every cent and every piece is accounted for, and every flow ends.
            sagascope: 1
            name: flow-storm-\(seed)
            about: Random faults in a choreographed shop.
            seed: \(seed)
            duration: 31s
            services:
              broker:    {workers: 64, queue: 256}
              inventory:
                workers: 16
                queue: 64
                latency: lognormal p50 5ms p99 60ms
                stock: 10000
                operations: {reserve: {stock: take-if-any}, release: {stock: give-back}}
              payment:
                workers: 16
                queue: 64
                latency: lognormal p50 20ms p99 200ms
                errors: \(pick(["0%", "5%", "30%"]))
                operations: {charge: {books: charged}, refund: {books: refunded}}
              shipping:  {workers: 16, queue: 64, latency: exponential mean 20ms}
              orders:    {workers: 16, queue: 64, latency: exponential mean 4ms, operations: {confirm: {books: confirmed}}}
              mail:      {workers: 4, queue: 16, latency: exponential mean 20ms}
            edges:
              broker -> payment: {guards: [timeout], timeout: 400ms, network: exponential mean 5ms}
              broker -> shipping: {guards: [timeout], timeout: 400ms}
            choreographies:
              buy:
                broker: broker
                delivery: exponential mean \(pick(["1ms", "50ms"]))
                twice: \(pick(["0%", "10%", "40%"]))
                redelivery: \(pick(["until done", "3 attempts", "20 attempts"])) exponential 50ms to 500ms full jitter
                starts with: ordered
                ends well: done
                ends badly: sold-out, cancelled
                policies:
                  - {name: reserve, on: ordered,  call: inventory.reserve, then: reserved, else: sold-out}
                  - {name: charge,  on: reserved, call: payment.charge,    then: charged,  else: refused}
                  - {name: ship,    on: charged,  call: shipping.pack,     then: shipped,  else: not-packed}
                  - {name: thank,   on: charged,  call: mail.send}
                  - {name: confirm, on: shipped,  call: orders.confirm,    then: done}
                  - {name: refund-unpaid,  on: unpaid,     call: payment.refund, undoes: charge, then: paid-back}
                  - {name: refund-unpacked, on: not-packed, call: payment.refund, undoes: charge, then: paid-back}
                  - {name: refund-late,    on: not-shipped, call: payment.refund, undoes: charge, then: paid-back}
                  - {name: release-refused,  on: refused,    call: inventory.release, undoes: reserve, then: cancelled}
                  - {name: release-unserved, on: unreserved, call: inventory.release, undoes: reserve, then: cancelled}
                  - {name: release-paid,  on: paid-back,  call: inventory.release, undoes: reserve, then: cancelled}
                timeouts:
                  - {after: ordered,  within: 2s, awaits: "reserved, sold-out",  then: unreserved}
                  - {after: reserved, within: 2s, awaits: "charged, refused",    then: unpaid}
                  - {after: charged,  within: 2s, awaits: "shipped, not-packed", then: not-shipped}
            load:
              buyers: {start: buy, stages: [{rate: 15/s, for: 10s}, {rate: 0/s, for: 21s}]}
            timeline: |
            \(faults.map { "  \($0)" }.joined(separator: "\n"))
              at 20s flow resend buy orphaned because "subscriptions are back"
              at 25s flow resend buy orphaned because "and what followed from that"
            expect: |
              always  charged == confirmed + refunded + pending
              always  oversold(inventory) == 0
              at end  pending == 0
              at end  running(buy) == 0
              at end  compensating(buy) == 0
              at end  attention(buy) == 0
              at end  stock(inventory) + completed(buy) == 10000

            """
    }

    /// A fault somewhere, at some time, over before the load stops.
    private static func fault(using random: inout RandomStream) -> String {
        func pick(_ choices: [String]) -> String { choices[Int(random.below(UInt64(choices.count)))] }
        let service = pick(["inventory", "payment", "shipping", "orders", "mail", "broker"])
        let call = pick(["inventory.reserve", "payment.charge", "shipping.pack", "mail.send"])
        let policy = pick(["reserve", "charge", "ship", "thank", "confirm", "refund-late", "release-paid"])
        let what = pick([
            "crash on \(service)", "error on \(call) with probability 60%",
            "error on broker -> payment with probability 50%", "hang on broker -> payment with probability 30%",
            "hang on \(call) with probability 50%", "latency on \(service) add 300ms jitter 100%",
            "lose on buy with probability 20%", "lose on buy.\(policy)", "lose on buy.\(policy) with probability 50%",
            "latency on buy.\(policy) add 3s jitter 50%", "latency on buy add 500ms jitter 100% with probability 50%",
        ])
        let start = 500 + random.below(6_500)
        return "at \(start)ms inject \(what) for \(200 + random.below(2_500))ms"
    }
}
