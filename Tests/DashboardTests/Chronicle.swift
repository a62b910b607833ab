/// Event stores and what reads them: the scenarios of the demos, so that the tests do not change when those do.
enum Chronicle {
    /// Two stores of three nodes, one by majorities and one without, of each of which a node is cut off.
    static let splitBrain = """
        sagascope: 1
        name: split-brain
        about: The leader of an event store is cut off.
        seed: 42
        duration: 40s
        stores:
          order-log:
            nodes: 3
            partitions: 4
            disk: lognormal p50 1ms p99 8ms
            election: 1s
          weak-log:
            nodes: 3
            partitions: 4
            acknowledgements: 1
            votes: 1
            disk: lognormal p50 1ms p99 8ms
            election: 1s
        services:
          orders:
            workers: 64
            queue: 256
            latency: constant 2ms
            operations: {create: {command: create order in order-log}}
          fast:
            workers: 64
            queue: 256
            latency: constant 2ms
            operations: {create: {command: create order in weak-log}}
        load:
          careful:  {call: orders.create, rate: 20/s, arrivals: poisson}
          careless: {call: fast.create,   rate: 20/s, arrivals: poisson}
        timeline: |
          at 10s   inject cut on order-log#1 for 15s
          at 10s   inject cut on weak-log#1 for 15s
          at 14s   caption "order-log has elected new leaders. weak-log has two leaders for the same partitions."
          at 26s   caption "The network is whole again: one of the two histories must go."
        """

    /// A store that prefers availability, of which a node is cut off.
    static let available = """
        sagascope: 1
        name: available-log
        seed: 42
        duration: 40s
        stores:
          cart-log: {prefers: availability, disk: lognormal p50 1ms p99 8ms}
        services:
          west: {workers: 64, latency: constant 2ms, operations: {put: {command: record event in cart-log}}}
          east: {workers: 64, latency: constant 2ms, operations: {put: {command: record event in cart-log}}}
        load:
          in-west: {call: west.put, rate: 50/s, arrivals: poisson, keys: zipf 1.0 over 100}
          in-east: {call: east.put, rate: 50/s, arrivals: poisson, keys: zipf 1.0 over 100}
        timeline: |
          at 4s    inject cut on cart-log#1 for 6s
        """

    /// A read model that is sent each event, and one that reads the log.
    static let dualWrite = """
        sagascope: 1
        name: dual-write
        about: A service appends an event and then publishes it.
        seed: 42
        duration: 60s
        stores:
          order-log: {nodes: 3, disk: lognormal p50 2ms p99 20ms}
        projections:
          published: {reads: order-log, events: order, feed: published}
          from-log:  {reads: order-log, events: order, feed: log}
        services:
          orders:
            workers: 64
            queue: 256
            latency: constant 2ms
            operations: {create: {command: create order in order-log}}
        load:
          shoppers: {call: orders.create, rate: 40/s, arrivals: poisson}
        timeline: |
          at 10s   inject crash on orders for 1s
          at 30s   caption "The broker loses messages for five seconds."
          at 30s   inject lose on published with probability 20% for 5s
          at 40s   caption "One read model lacks orders for ever, and looks healthy: it has all that it was sent."
          at 40s   inject crash on from-log for 5s
        """

    /// A read model that sets aside one event in fifty, and one that stops at the first of them.
    static let poison = """
        sagascope: 1
        name: poison
        about: Some events cannot be dealt with.
        seed: 42
        duration: 60s
        stores:
          order-log: {nodes: 3, snapshots: 10}
        projections:
          order-summary: {reads: order-log, poison: 2%, lanes: 2, rebuild: 2%}
          strict:        {reads: order-log, poison: 2%, on failure: stop}
        services:
          orders:
            workers: 64
            queue: 256
            latency: constant 2ms
            operations: {note: {command: record event in order-log}}
        load:
          shoppers: {call: orders.note, rate: 30/s, keys: zipf 1.0 over 300}
        """
}
