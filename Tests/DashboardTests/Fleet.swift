/// A service of replicas, each behind its own breaker, whose balancer looks at their answers and asks for their health.
enum Fleet {
    static let text = """
        sagascope: 1
        name: fleet
        about: Replicas that a balancer leaves out.
        seed: 7
        duration: 3m
        services:
          front: {workers: 100, queue: 100, latency: constant 1ms, operations: {order: [call stock.find]}}
          stock: {replicas: 5, workers: 4, queue: 12, latency: lognormal p50 8ms p99 40ms}
        edges:
          front -> stock:
            guards: [balancer, breaker, timeout]
            balancer:
              by: round-robin
              panic below: 20%
              health: {every: 1s, timeout: 200ms, unhealthy after: 2, check: deep}
              outliers: {errors: 5, interval: 5s, ejection: 10s, at most: 50%}
            breaker: {window: 4 calls, failures: 75%, open: 4s, probes: 2, each: replica}
            timeout: 400ms
        load:
          people: {call: front.order, rate: 80/s}
        """
}
