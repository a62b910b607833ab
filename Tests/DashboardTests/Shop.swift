/// The shop of the demos, so that the tests do not change when the demos do.
enum Shop {
    static let text = """
        sagascope: 1
        name: shop
        about: A small shop.
        seed: 42
        duration: 3m
        services:
          shop:      {workers: 64, queue: 256, latency: constant 1ms, operations: {browse: [call catalog.read]}}
          catalog:
            workers: 16
            queue: 64
            latency: exponential mean 4ms
            cache: {l1: 500 entries, l2: 5000 entries, ttl: 30s}
          inventory: {workers: 8, queue: 32, latency: lognormal p50 8ms p99 40ms}
          payment:
            workers: 16
            queue: 64
            latency: lognormal p50 40ms p99 250ms
            operations: {charge: {books: charged}, refund: {books: refunded}}
          orders:
            workers: 8
            queue: 32
            latency: exponential mean 3ms
            operations: {confirm: {books: confirmed}, email: {}}
        edges:
          shop -> payment:
            network: constant 1ms
            guards: [bulkhead, retry, breaker, timeout]
            bulkhead: {threads: 16, queue: 32}
            retry: {attempts: 3, backoff: exponential 50ms to 2s, jitter: full}
            breaker: {window: 20 calls, failures: 50%, open: 5s, probes: 3}
            timeout: 500ms
        sagas:
          place-order:
            runs in: shop
            timeout: 30s
            steps:
              - {name: reserve, call: inventory.reserve, undo: inventory.release}
              - {name: charge,  call: payment.charge,    undo: payment.refund}
              - {name: confirm, call: orders.confirm,    pivot: true}
              - {name: notify,  call: orders.email,      retry: until done}
        load:
          shoppers: {start: place-order, rate: 60/s, arrivals: poisson}
          visitors: {call: shop.browse, rate: 300/s, keys: zipf 1.0 over 20000}
        timeline: |
          at 1s  caption "Orders flow. Select payment, press x and Enter: what will its breaker do?"
          at 2s  mark "warm"
        expect: |
          by 20s   breaker payment is open
          always   charged == confirmed + refunded + pending
          at end   pending == 0
        """
}
