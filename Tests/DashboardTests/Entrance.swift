/// A gateway that does with requests all that one can, before a service of replicas that checks, outliers and breakers look
/// after, and before one whose replicas have keys of their own.
enum Entrance {
    static let text = """
        sagascope: 1
        name: entrance
        about: Requests of all sorts come in, and not all of them get through.
        seed: 5
        duration: 3m
        services:
          front:
            replicas: 2
            workers: 64
            queue: 64
            latency: constant 200us
            gateway:
              limit: {rate: 400/s, burst: 40, shared every: 100ms}
              tokens: {audience: shop, new key every: 20s, published: 5s, honoured: 10s}
              trusts: 100.64.0.0/10
              routes:
                find:
                  method: GET
                  path: "/api/items/{id}"
                  call: shelf.read
                  cache: 2s
                  request: [strip path /api, set header X-Channel web, remove header X-Debug]
                  backend headers: {Authorization: Bearer internal}
                price: {method: GET, path: "/prices/{id}", call: price.get, auth: prices:read}
                order:
                  method: POST
                  path: /orders
                  call: shelf.reserve
                  limit: {rate: 15/s, burst: 5}
                  body: {item: text 1 to 20, quantity: whole 1 to 10}
                health: {method: GET, path: /health}
          shelf: {replicas: 4, workers: 8, queue: 16, latency: lognormal p50 6ms p99 30ms, operations: {read: {}, reserve: {}}}
          price: {replicas: 5, workers: 8, queue: 16, latency: exponential mean 3ms, operations: {get: {}}}
        edges:
          front -> shelf:
            guards: [balancer, breaker, timeout]
            balancer:
              by: smooth weighted
              weights: [3, 2, 2, 1]
              panic below: 20%
              health: {every: 1s, timeout: 200ms, unhealthy after: 2}
              outliers: {errors: 5, interval: 5s, ejection: 10s, at most: 50%}
            breaker: {window: 4 calls, failures: 75%, open: 4s, probes: 2, each: replica}
            timeout: 400ms
          front -> price: {guards: [balancer], balancer: {by: hash ring}}
        load:
          visitors: {to: front, routes: {find: 92%, health: 5%, "GET /prises/{key}": 3%}, headers: {X-Debug: "1"}, rate: 150/s, keys: zipf 1.0 over 2000}
          shoppers: {to: front, routes: {price: 70%, order: 30%}, token: {scopes: "prices:read"}, rate: 80/s, keys: zipf 1.2 over 500}
          clumsy: {to: front, routes: {order: 100%}, headers: {Content-Type: text/plain}, rate: 2/s}
          strangers: {to: front, routes: {price: 100%}, rate: 5/s, keys: uniform over 500}
        timeline: |
          at 1s  caption "Some are strangers, some ask for what is not there, and some order too much."
        """

    /// The same keys by their remainders, without a gateway.
    static let shards = """
        sagascope: 1
        name: shards
        about: Keys by their remainders, and on a ring.
        seed: 5
        duration: 2m
        services:
          modulo: {replicas: 4, workers: 8, queue: 20, latency: constant 2ms, operations: {get: {}}}
          ring:   {replicas: 4, workers: 8, queue: 20, latency: constant 2ms, operations: {get: {}}}
        edges:
          modulo-users -> modulo: {guards: [balancer], balancer: {by: key}}
          ring-users -> ring: {guards: [balancer], balancer: {by: hash ring}}
        load:
          modulo-users: {call: modulo.get, rate: 200/s, keys: zipf 1.1 over 1000}
          ring-users:   {call: ring.get, rate: 200/s, keys: zipf 1.1 over 1000}
        timeline: |
          at 5s  caption "One replica of each leaves."
          at 5s  set modulo.running 3
          at 5s  set ring.running 3
        """
}
