extension GatewayRule {
    /// What becomes of requests on their way in and out.
    static let ways: [GatewayRule] = [
        GatewayRule(
            rule: "a request goes to the backend of its route, and its answer is the client's",
            expect: [
                "at end rate(front.read) > 45/s", "at end rate(shop.read) > 45/s", "at end failed(people) == 0",
                "at end server errors(front) == 0",
            ]),
        GatewayRule(
            rule: "what no route takes is answered with 404, and no backend hears of it",
            routes: "read: 50%, \"GET /nothing/{key}\": 25%, \"DELETE /orders\": 25%",
            expect: [
                "at end unrouted(front) > 120", "at end failed(people) - unrouted(front) == 0",
                "at end rate(shop.read) < 35/s",
            ]),
        GatewayRule(
            rule: "a default backend gets what no route takes", gateway: "fallback: {call: shop.take}",
            routes: "\"GET /nothing\": 100%",
            expect: ["at end rate(shop.take) > 45/s", "at end failed(people) == 0", "at end unrouted(front) == 0"]),
        GatewayRule(
            rule: "a body that is too large is refused with 413 on a route that does not look into it",
            order: "start: place-order, largest body: 1kB",
            routes: "\"POST /orders 2kB\": 50%, \"POST /orders 1kB\": 50%",
            expect: [
                "at end invalid requests(front) - failed(people) == 0", "at end failed(people) > 120",
                "at end failed(people) < 180",
            ]),
        GatewayRule(
            rule: "a path that leads out of the root, and what looks like an attack, is refused at the door",
            routes: "\"GET /a/../../etc/passwd\": 50%, \"GET /products/1?q=%3Cscript%3E\": 50%",
            expect: [
                "at end invalid requests(front) - failed(people) == 0", "at end failed(people) > 280",
                "at end rate(shop.read) == 0/s",
            ]),
        GatewayRule(
            rule: "what looks like an attack passes where nobody looks", gateway: "suspicious requests: pass",
            routes: "\"GET /products/1?q=%3Cscript%3E\": 100%", expect: ["at end failed(people) == 0"]),
        GatewayRule(
            rule: "a body has to be as the schema says; a request whose client knows it passes",
            order: "start: place-order, body: {sku: text 1 to 20, quantity: whole 1 to 10}",
            routes: "order: 50%, \"POST /orders 2kB\": 50%",
            // Of a body of unknown fields nothing is known but its size: a schema has nothing to look at.
            expect: ["at end failed(people) == 0", "at end completed(place-order) > 280"]),
        GatewayRule(
            rule: "a body that is too large is refused with 413",
            order: "start: place-order, body: {sku: text 1 to 20}, largest body: 1kB",
            routes: "\"POST /orders 2kB\": 100%", expect: ["at end invalid requests(front) - failed(people) == 0"]),
        GatewayRule(
            rule: "a route that starts a saga answers when that is over",
            routes: "order: 100%",
            expect: ["at end completed(place-order) > 290", "at end p50(people) > 8ms", "at end failed(people) == 0"]),
        GatewayRule(
            rule: "a route that starts a saga and does not wait answers at once",
            order: "start: place-order, answer: at once", shop: "", routes: "order: 100%",
            timeline: ["at 0s inject latency on shop add 500ms"],
            expect: ["at end completed(place-order) > 290", "at end max(people) < 5ms"]),
        GatewayRule(
            rule: "a saga that is taken back is a conflict to who has asked for it",
            routes: "order: 100%", timeline: ["at 0s inject error on shop.take"],
            expect: [
                "at end compensated(place-order) > 290", "at end error share(people) == 100%",
                "at end server errors(front) == 0",
            ]),
        GatewayRule(
            rule: "a stored response answers within its life, of each replica apart",
            read: "call: shop.read, cache: 30s",
            replicas: 2,
            expect: ["at end stored answers(front) > 250", "at end rate(shop.read) < 8/s"]),
        GatewayRule(
            rule: "what a backend says of its life goes before what the route says",
            read: "call: shop.read, cache: 30s, headers: {Cache-Control: no-store}",
            expect: ["at end stored answers(front) == 0"]),
        GatewayRule(
            rule: "a backend that is down is a bad gateway, one that is slow a gateway timeout",
            edge: "edges: {front -> shop: {guards: [timeout], timeout: 50ms}}",
            timeline: ["at 1s inject crash on shop for 1s", "at 3s inject latency on shop add 200ms for 1s"],
            expect: [
                "during 2s..3s failed(people) == 0", "at end server errors(front) > 90",
                "at end server errors(front) - failed(people) == 0",
            ]),
        GatewayRule(
            rule: "how long stages take is part of how long a request takes", gateway: "costs: {suspicion: 100ms}",
            expect: ["at end p50(people) > 100ms"]),
        GatewayRule(
            rule: "a stage that is left out does nothing",
            gateway: "costs: {suspicion: 100ms}\norder: {suspicion: none}",
            expect: ["at end p99(people) < 10ms"]),
        GatewayRule(
            rule: "a request that the gateway fails itself is a server error", gateway: "",
            timeline: ["at 0s inject error on front"],
            expect: [
                "at end error share(people) == 100%", "at end rate(shop.read) == 0/s",
                "at end server errors(front) > 290",
            ]),
        GatewayRule(
            rule: "a gateway that finds fault with a request that has none is not a server error",
            timeline: ["at 0s inject wrong-status on front.read status 404"],
            expect: [
                "at end error share(people) == 100%", "at end rate(shop.read) == 0/s",
                "at end server errors(front) == 0",
            ]),
        GatewayRule(
            rule: "attempts side by side at a request start one saga, and the first answer counts",
            routes: "order: 100%",
            edge: "edges: {people -> front: {guards: [hedge], hedge: {after: 20ms, hedges: 2}}}",
            timeline: ["at 0s inject latency on shop add 50ms"],
            expect: [
                "at end completed(place-order) > 290", "at end completed(place-order) <= 300",
                "at end failed(people) == 0", "at end max(people) < 115ms",
            ]),
        GatewayRule(
            rule: "an attempt after one that took too long waits for the saga that it has started",
            routes: "order: 100%",
            edge:
                "edges: {people -> front: {guards: [retry, timeout], timeout: 30ms, retry: {attempts: 5, backoff: none}}}",
            timeline: ["at 0s inject latency on shop add 50ms"],
            expect: [
                "at end completed(place-order) > 290", "at end completed(place-order) <= 300",
                "at end failed(people) == 0",
            ]),
        GatewayRule(
            rule: "an attempt after the gateway's crash waits for the saga that was started before it",
            order: "start: place-order", replicas: 1, routes: "order: 100%",
            edge:
                "edges: {people -> front: {guards: [retry], retry: {attempts: 5, backoff: constant 20ms, jitter: none}}}",
            timeline: ["at 0s inject latency on shop add 500ms", "at 3s inject crash on front for 10ms"],
            expect: [
                "at end completed(place-order) > 290", "at end completed(place-order) <= 300",
                "at end failed(people) == 0",
            ]),
    ]
}
