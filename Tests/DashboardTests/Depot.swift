/// A shop with guards of every kind, and a service of several replicas.
enum Depot {
    static let text = """
        sagascope: 1
        name: depot
        about: A shop with guards of every kind.
        seed: 7
        duration: 3m
        services:
          front:
            workers: 200
            queue: 200
            latency: constant 1ms
            memory: {limit: 64 MB, evictable: 8 MB}
            operations: {order: [call stock.find, call payment.charge, call mail.send]}
          stock:
            replicas: 3
            workers: 4
            queue: 12
            latency: lognormal p50 8ms p99 40ms
          payment:
            workers: 16
            queue: 64
            order: priority
            latency: lognormal p50 20ms p99 120ms
            operations: {charge: [call db.write]}
          db:      {workers: 20, queue: 100, latency: exponential mean 5ms}
          mail:    {workers: 2, queue: 20, latency: exponential mean 10ms}
          outbox:  {workers: 4, queue: 20, latency: constant 2ms}
        edges:
          front -> stock:
            guards: [hedge, breaker, timeout]
            hedge: {after: 25ms}
            breaker: {window: 10s, failures: 40%, minimum: 10 calls, slow: 80% over 60ms, open: 4s, probes: 2, each: replica}
            timeout: p99 x 2 from 50ms to 400ms
          front -> payment:
            network: constant 1ms
            budget: 20% of calls
            guards: [bulkhead, memory, retry, breaker, timeout]
            bulkhead: {threads: 16, queue: 16, order: priority}
            memory: {size: 1 MB, limit: 20 MB}
            retry: {attempts: 3, backoff: exponential 50ms to 2s}
            breaker: {window: 40 calls, failures: 50%, open: 3s, open growth: x 2 to 1m, probes: 3}
            timeout: 300ms
          payment -> db:
            guards: [isolator, connections]
            isolator:
              compartments:
                gold: {when: priority high, threads: 8, queue: 8}
                rest: {permits: 6, wait: 100ms, breaker: {window: 20 calls, open: 2s}}
            connections: {max: 6, wait: 250ms}
          people -> front:
            guards: [throttle, limiter]
            limiter: {rate: 60/s, burst: 20}
          gold -> front: {guards: [concurrency], concurrency: {algorithm: vegas, max: 50}}
          front -> mail:
            guards: [fallback, semaphore, breaker]
            fallback: {answer: call outbox.keep}
            semaphore: {permits: 2, wait: 50ms}
            breaker: {window: closed, rule: 5 in a row, open: 2s, probes: 2, probe rule: in a row}
        load:
          people:  {call: front.order, rate: 60/s}
          gold:    {call: front.order, rate: 20/s, priority: high}
        timeline: |
          at 1s  caption "Guards of every kind."
        """
}
