import Testing

/// An attempt that may have happened is not forgotten, whatever stands around it: else a saga takes back what it did.
@Suite("Attempts that may have happened")
struct UnknownOutcomeTests {
    @Test(
        "the money adds up where the last step is guarded by what answers instead, or tries twice at once",
        arguments: [
            """
            guards: [fallback, retry, breaker, timeout]
            fallback: {answer: call backup.note}
            """,
            """
            guards: [isolator, retry, breaker, timeout]
            isolator: {compartments: {all: {threads: 60, fallback: call backup.note}}}
            """,
            """
            guards: [fallback, hedge, breaker, timeout]
            fallback: {answer: call backup.note}
            hedge: {after: 100ms, hedges: 2}
            """,
            """
            guards: [hedge, timeout]
            hedge: {after: failure, hedges: 1}
            """,
        ])
    func money(guards: String) throws {
        let lines = guards.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let breaker = guards.contains("breaker") ? "breaker: {window: 20 calls, failures: 50%, open: 5s}" : ""
        let text = """
            sagascope: 1
            name: unknown
            seed: 42
            duration: 30s
            services:
              shop:    {workers: 64, queue: 256, latency: constant 1ms}
              payment: {workers: 64, latency: constant 20ms, operations: {charge: {books: charged}, refund: {books: refunded}}}
              orders:  {workers: 640, errors: 40%, latency: exponential mean 300ms, operations: {confirm: {books: confirmed}}}
              backup:  {workers: 64, errors: 100%, operations: {note: {}}}
            edges:
              shop -> orders:
            \(lines)
                timeout: 500ms
                \(breaker)
            sagas:
              place-order:
                runs in: shop
                steps:
                  - {name: charge,  call: payment.charge, undo: payment.refund}
                  - {name: confirm, call: orders.confirm, pivot: true}
            load:
              shoppers: {start: place-order, rate: 30/s}
            expect: |
              always charged == confirmed + refunded + pending
            """
        #expect(try SmallScenario.unmet(in: text) == [])
    }
}
