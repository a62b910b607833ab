/// A catalog whose cache has levels of its own that exclude each other, with everything that a read path can do, and
/// pages whose cache can do nothing but hold on to things.
enum Larder {
    static let text = """
        sagascope: 1
        name: larder
        about: Prices are cached with all that helps; pages with nothing of it.
        seed: 11
        duration: 2m
        services:
          catalog:
            replicas: 2
            workers: 60
            queue: 60
            latency: constant 1ms
            operations: {price: [call db.query], reprice: {writes: yes}}
            cache:
              levels:
                memory: {entries: 40 entries, policy: s3fifo}
                grid:   {entries: 120 entries, policy: arc, latency: constant 2ms, shared: yes}
              levels are: exclusive
              ttl: 4s
              single flight: yes
              fail safe: 20s
              refresh: eager 80%
          pages:
            workers: 40
            queue: 40
            latency: constant 1ms
            operations: {read: [call db.query]}
            cache: {l1: 30 entries}
          db: {workers: 8, queue: 60, latency: exponential mean 8ms}
        edges:
          shoppers -> catalog: {guards: [balancer], balancer: {by: round-robin}}
          editors -> catalog: {guards: [balancer], balancer: {by: round-robin}}
        load:
          shoppers: {call: catalog.price, rate: 200/s, keys: zipf 0.9 over 400}
          editors:  {call: catalog.reprice, rate: 3/s, keys: uniform over 100}
          readers:  {call: pages.read, rate: 80/s, keys: zipf 1.0 over 200}
        timeline: |
          at 1s   caption "Prices change, and one replica of two hears of it."
          at 12s  caption "Loads fail, and old prices are served."
          at 12s  inject error on db with probability 60% for 6s
        """

    /// Prices alone, in a cache that has two levels by number.
    static let alone = """
        sagascope: 1
        name: prices
        about: Prices in memory and on the network.
        seed: 2
        duration: 1m
        services:
          catalog:
            replicas: 3
            workers: 20
            queue: 50
            latency: exponential mean 5ms
            operations: {price: {}, reprice: {writes: yes}}
            cache: {l1: 100 entries, l3: 150 entries, ttl: 10s}
        edges:
          shoppers -> catalog: {guards: [balancer], balancer: {by: round-robin}}
          editors -> catalog: {guards: [balancer], balancer: {by: round-robin}}
        load:
          shoppers: {call: catalog.price, rate: 300/s, keys: zipf 1.0 over 400}
          editors:  {call: catalog.reprice, rate: 2/s, keys: uniform over 200}
        timeline: |
          at 1s  caption "A new price reaches one replica of three."
        """
}
