import Simulation
import Timeline

/// A gateway before, in and behind which everything breaks, as a scenario file: another one for each seed.
///
/// Its replicas crash, with the limits, stored responses and keys that they have; keys are rotated and expire; backends
/// die, hang, answer wrongly or not at all; requests are tried again and hedged on the way in and to the backends. All of
/// it is over before the load stops.
struct GatewayStorm {
    /// Its text.
    let text: String

    init(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "gateway storm", purpose: "test")
        let (replicas, shops) = (Int(1 + random.below(3)), Int(1 + random.below(5)))
        let faults = (0..<10).map { _ in Self.fault(replicas: replicas, shops: shops, using: &random) }
        let backends = Ways(toBackends: &random)
        let home = random.pick(["payment", "front"])
        // A saga wants turns of the workers where it runs: those that wait for it there would never end.
        let blocking = home == "front" ? "no" : random.pick(["no", "yes"])
        text = """
            # A storm: everything breaks, and each request that a gateway takes ends once.
            sagascope: 1
            name: gateway-storm-\(seed)
            about: Random faults in a gateway of \(replicas) replicas, before it and behind it.
            seed: \(seed)
            duration: 8s
            services:
              front:
                replicas: \(replicas)
                workers: \(random.pick(["4", "32", "200"]))
                queue: \(random.pick(["0", "16", "200"]))
                latency: \(random.pick(["constant 200us", "exponential mean 2ms"]))
                errors: \(random.pick(["0%", "0%", "2%"]))
                blocking: \(blocking)
                gateway:
            \(Self.gateway(using: &random))
              shop: {replicas: \(shops), workers: \(random.pick(["4", "16"])), queue: 32, latency: lognormal p50 4ms p99 60ms, operations: {read: {}, list: [call stock.look]}}
              stock: {workers: 16, queue: 64, latency: exponential mean 3ms, errors: \(random.pick(["0%", "5%"])), operations: {look: {}}}
              payment: {workers: 16, queue: 64, latency: lognormal p50 20ms p99 200ms, errors: 3%, operations: {charge: {books: charged}, refund: {books: refunded}}}
              orders: {workers: 16, queue: 64, latency: exponential mean 4ms, operations: {confirm: {books: confirmed}}}
              mail: {workers: 8, queue: 32, latency: exponential mean 20ms}
            edges:
              people -> front: \(Ways(in: &random).text)
              buyers -> front: \(Ways(in: &random).text)
              front -> shop: \(backends.toShop)
              front -> stock: \(backends.toStock)
            sagas:
              buy:
                runs in: \(home)
                timeout: \(random.pick(["2s", "20s", "none"]))
                steps:
                  - {name: charge,  call: payment.charge, undo: payment.refund, retry: 3 attempts, timeout: 1s}
                  - {name: confirm, call: orders.confirm, retry: until done, group: finalization, timeout: 1s}
                  - {name: notify,  call: mail.send, critical: no, group: finalization, timeout: 500ms}
            choreographies:
              wrap:
                broker: mail
                starts with: asked
                ends well: wrapped
                ends badly: torn
                policies: [{name: pack, on: asked, call: mail.pack, then: wrapped, else: torn}]
            load:
              people: {to: front, rate: \(random.pick(["60/s", "150/s"])), keys: \(random.pick(["zipf 1.0 over 60", "uniform over 500", "none"])), \(Self.people(using: &random))}
              buyers: {to: front, rate: 20/s, keys: uniform over 100, tenant: acme, token: {scopes: "items:read orders:write", life: \(random.pick(["1s", "15m"]))}, routes: {buy: 60%, wrap: 20%, list: 20%}}
              strangers: {to: front, rate: 10/s, \(random.pick(["api key: unknown", "token: {signature: forged}", "token: {issuer: https://evil.example}", "headers: {X-Forwarded-For: 10.0.0.1}"])), routes: {read: 60%, buy: 20%, "DELETE /orders": 20%}}
            timeline: |
            \(faults.map { "  \($0)" }.joined(separator: "\n"))
            expect: |
              always  charged == confirmed + refunded + pending
              at end  pending == 0
              at end  in flight == 0
              at end  running(buy) == 0
              at end  compensating(buy) == 0

            """
    }

    /// What is set of the gateway, as lines of the file.
    private static func gateway(using random: inout RandomStream) -> String {
        let shared = random.pick(["", ", shared every: 20ms", ", shared every: 500ms, heard after: 50ms"])
        let limit = random.pick([
            "", "limit: {rate: 100/s, burst: 20\(shared)}", "limit: {rate: 30/s, burst: 5\(shared)}",
        ])
        let auth = ["open", "open", "optional", "required", "items:read"]
        let bodies = [
            "", ", body: {sku: text 1 to 20, pieces: whole 1 to 10}", ", body: {sku: text}, largest body: 1kB",
        ]
        let order =
            "start: buy, answer: \(random.pick(["when done", "at once"])), auth: \(random.pick(["open", "orders:write"]))"
        let life = random.pick(["", ", cache: 300ms", ", cache: 5s", ", cache: 5s, cache per: identity"])
        let lines = [
            limit,
            "tokens: {new key every: \(random.pick(["1s", "3s", "never"])), published: \(random.pick(["0s", "500ms"])), honoured: \(random.pick(["0s", "2s"])), fetch: exponential mean \(random.pick(["1ms", "200ms"])), keys kept: \(random.pick(["300ms", "10m"])), fetched every: \(random.pick(["10ms", "1s"]))}",
            "api keys: {acme: {scopes: \"items:read\"}, old: {expires: 3s}}",
            random.pick(["", "failed logins: {free: 2, first delay: 500ms}"]),
            "stored responses: \(random.pick(["0", "10", "1000"]))",
            "trusts: \(random.pick(["nobody", "everybody", "100.64.0.0/10"]))",
            random.pick(["", "order: {global limit: 950}", "order: {suspicion: none, logging: none}"]),
            random.pick(["", "costs: {authentication: 5ms, body: 2ms}"]),
            random.pick(["", "fallback: {call: stock.look}"]),
            "routes:",
            "  read: {method: GET, path: \"/items/{id}\", call: shop.read, auth: \(random.pick(auth))\(life)}",
            "  list: {method: GET, path: /items, calls: [call shop.list, call stock.look], auth: \(random.pick(auth)), tenant limit: {rate: 20/s}}",
            "  buy:  {method: POST, path: /orders, \(order)\(random.pick(bodies)), request: [set header X-Channel web]}",
            "  wrap: {method: POST, path: /gifts, start: wrap, answer: \(random.pick(["when done", "at once"])), limit: {rate: 10/s}}",
        ]
        return lines.filter { !$0.isEmpty }.map { "        \($0)" }.joined(separator: "\n")
    }

    /// Who most people are, and what they want.
    private static func people(using random: inout RandomStream) -> String {
        let who = random.pick([
            "tenant: acme", "api key: acme", "api key: old", "token: {}", "token: {scopes: \"items:read\", life: 2s}",
        ])
        let most = random.pick(["read: 80%, list: 20%", "read: 40%, list: 30%, buy: 30%"])
        return who + ", routes: {\(most), \"GET /items/../../etc\": 2%, \"POST /orders 2kB\": 3%, \"GET /nothing\": 2%}"
    }

    /// A fault somewhere, at some time, over before the load stops.
    private static func fault(replicas: Int, shops: Int, using random: inout RandomStream) -> String {
        func replica(_ service: String, of count: Int) -> String {
            count == 1 ? service : "\(service)#\(1 + random.below(UInt64(count)))"
        }
        let front = replica("front", of: replicas)
        let shop = random.chance(0.5) ? "shop" : replica("shop", of: shops)
        let service = random.pick(["stock", "payment", "orders", "mail"])
        let route = random.pick(["front.read", "front.buy", "front.list"])
        let edge = random.pick(["people -> front", "buyers -> front", "front -> shop", "front -> stock"])
        let what = random.pick([
            "crash on \(front)", "crash on \(front)", "crash on front", "crash on \(shop)", "crash on \(service)",
            "half-open on \(front)", "half-open on \(shop)", "half-open on \(edge)", "bad-deploy on \(shop)",
            "bad-deploy on \(front) with probability 50%", "wrong-status on \(shop) status 404",
            "wrong-status on \(route) status 503 with probability 50%", "hang on \(route) with probability 50%",
            "hang on \(edge) with probability 50%", "hang on \(shop)", "error on \(edge) with probability 40%",
            "error on \(service) with probability 60%", "error on \(route) with probability 50%",
            "stuck on \(front) workers 3", "capacity on \(front) lose 75%", "stuck on \(shop) workers 3",
            "latency on \(shop) add 200ms jitter 90%", "latency on \(edge) add 100ms jitter 90%",
            "expired-key on front", "spoofed-header on people",
            "interrupt on buy.charge at before-reply with probability 50%",
        ])
        return "at \(300 + random.below(4_700))ms inject \(what) for \(200 + random.below(1_800))ms"
    }
}

extension GatewayStorm {
    /// How calls go: the guards of edges, as text.
    private struct Ways {
        let text: String
        var toShop: String { text }
        let toStock: String

        private static func balancer(using random: inout RandomStream) -> String {
            let by = random.pick(BalancerPlan.Choice.allCases.map(\.rawValue))
            let health = random.pick([
                "", "", ", health: {every: 200ms, timeout: 100ms, unhealthy after: 1, check: shallow}",
                ", health: {every: 200ms, timeout: 100ms, unhealthy after: 1, check: deep}",
            ])
            let isSlow = !["random", "round-robin", "key"].contains(by) && random.chance(0.3)
            return "{by: \(by), retries: \(random.pick(["move", "stay"])), slow start: \(isSlow ? "1s" : "none"), "
                + "panic below: \(random.pick(["0%", "50%"]))"
                + random.pick(["", ", outliers: {errors: 3, interval: 500ms, ejection: 1s, at most: 50%}"]) + health
                + "}"
        }

        private static let retry = "retry: {attempts: 3, backoff: exponential 10ms to 100ms}"

        private static func edge(using random: inout RandomStream) -> String {
            "network: \(random.pick(["constant 0s", "exponential mean 2ms"])), cancels: \(random.pick(["no", "yes"])), "
                + "deadlines: \(random.pick(["no", "yes"])), budget: \(random.pick(["none", "20% of calls", "10 tokens"]))"
        }

        /// On the way in.
        init(in random: inout RandomStream) {
            let guards = random.pick([
                "[balancer]", "[retry, balancer]", "[retry, balancer, timeout]", "[retry, hedge, balancer, timeout]",
                "[timeout, hedge, balancer]", "[hedge, retry, balancer, timeout]",
            ])
            var settings = [
                "guards: \(guards)", "balancer: \(Self.balancer(using: &random))", Self.edge(using: &random),
            ]
            if guards.contains("retry") { settings.append(Self.retry) }
            if guards.contains("timeout") { settings.append("timeout: \(random.pick(["100ms", "1s"]))") }
            if guards.contains("hedge") { settings.append("hedge: {after: \(random.pick(["20ms", "p95"]))}") }
            text = "{\(settings.joined(separator: ", "))}"
            toStock = text
        }

        /// To the backends, with breakers of their own or one for both.
        init(toBackends random: inout RandomStream) {
            let each = random.pick(["edge", "operation", "replica", "caller", "caller"])
            let guards = random.pick([
                "[retry, balancer, breaker, timeout]", "[bulkhead, retry, hedge, balancer, breaker, timeout]",
                "[limiter, fallback, balancer, breaker, connections, timeout]",
                "[timeout, retry, balancer, breaker, semaphore]", "[balancer, breaker]",
            ])
            let breaker = "window: 20 calls, failures: 50%, open: 500ms, probes: 2"
            var settings = [
                "guards: \(guards)", "balancer: \(Self.balancer(using: &random))", Self.edge(using: &random),
                "breaker: {each: \(each), \(breaker)}",
            ]
            if guards.contains("retry") { settings.append(Self.retry) }
            if guards.contains("timeout") { settings.append("timeout: \(random.pick(["50ms", "300ms"]))") }
            if guards.contains("hedge") { settings.append("hedge: {after: 30ms}") }
            if guards.contains("bulkhead") { settings.append("bulkhead: {threads: 8, queue: 8}") }
            if guards.contains("semaphore") { settings.append("semaphore: {permits: 8, wait: 50ms}") }
            if guards.contains("limiter") { settings.append("limiter: {rate: 80/s, per: tenant}") }
            if guards.contains("fallback") {
                settings.append("fallback: {answer: \(random.pick(["value", "call stock.look"]))}")
            }
            if guards.contains("connections") { settings.append("connections: {max: 8, wait: 50ms}") }
            text = "{\(settings.joined(separator: ", "))}"
            let same = each == "caller" ? "each: caller" : breaker
            toStock = "{guards: [breaker, timeout], breaker: {\(same)}, timeout: 200ms}"
        }
    }
}
