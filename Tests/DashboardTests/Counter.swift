/// Commands on a bus with a queue, and queries of a read model through shards: the scenario of the demo with a queue so
/// short that it fills, so that the tests do not change when the demo does.
enum Counter {
    static let text = """
        sagascope: 1
        name: command-bus
        about: Orders go through a queue that outlasts an outage; bad ones become dead letters.
        seed: 42
        duration: 80s
        stores:
          order-log: {nodes: 3, disk: lognormal p50 1ms p99 8ms}
        buses:
          orders-bus:
            delivery: queued
            workers: 8
            queue: 600
            attempts: 4
            backoff: exponential 100ms to 2s
            visibility: 5s
            poison: 0.3%
            work: exponential mean 5ms
        projections:
          visits:
            reads: order-log
            events: event
            queries:
              cache: 2000 answers
              ttl: 60s
              shards: 4
              replicas: 2
              latency: exponential mean 2ms
              breaker: {window: 20 calls, open: 5s, probes: 3}
        services:
          orders:
            workers: 64
            queue: 256
            latency: constant 1ms
            operations:
              create:  {command: create order in order-log, bus: orders-bus}
              confirm: {command: confirm order in order-log, bus: orders-bus}
              ship:    {command: ship order in order-log, bus: orders-bus}
          shop:
            workers: 128
            queue: 256
            latency: constant 1ms
            operations:
              touch: {command: record event in order-log}
              look:  {query: visits}
        sagas:
          fulfil:
            runs in: orders
            steps:
              - {name: create,  call: orders.create,  retry: 3 attempts, pivot: true}
              - {name: confirm, call: orders.confirm, retry: until done}
              - {name: ship,    call: orders.ship,    retry: until done}
        load:
          shoppers: {start: fulfil, rate: 50/s, arrivals: poisson}
          visitors: {call: shop.look, rate: 400/s, keys: zipf 1.0 over 3000}
          clicks:   {call: shop.touch, rate: 40/s, keys: zipf 0.5 over 3000}
        timeline: |
          at 15s   caption "The workers die. Orders are still accepted; the queue grows."
          at 15s   inject crash on orders-bus for 8s
          at 25s   caption "They are back: the queue empties, and what the dead ones had is done once."
          at 35s   caption "One of four shards of the read side fails. Its breaker opens."
          at 35s   inject error on visits#2 for 12s
        """

    /// A bus without a queue, and a read model that is asked directly.
    static let local = """
        sagascope: 1
        name: local-bus
        about: Commands are carried out while their senders wait.
        seed: 42
        duration: 30s
        stores:
          order-log: {nodes: 1}
        buses:
          direct: {attempts: 2, backoff: exponential 10ms to 50ms}
        services:
          orders:
            workers: 16
            queue: 64
            latency: constant 1ms
            operations:
              create: {command: create order in order-log, bus: direct}
        load:
          shoppers: {call: orders.create, rate: 40/s}
        """
}
