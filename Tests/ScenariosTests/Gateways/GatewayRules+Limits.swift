extension GatewayRule {
    /// How often requests may come.
    static let limits: [GatewayRule] = [
        GatewayRule(
            rule: "all clients together may ask so often", gateway: "limit: {rate: 20/s, burst: 5}",
            expect: [
                "at end over limit(front) > 170", "at end over limit(front) < 180", "at end ok rate(people) > 20/s",
            ]),
        GatewayRule(
            rule: "without sharing each replica has the whole limit for itself",
            gateway: "limit: {rate: 20/s, burst: 5}", replicas: 2,
            expect: ["at end over limit(front) < 60"]),
        GatewayRule(
            rule: "a limit that replicas share lets little more pass than its rate",
            gateway: "limit: {rate: 20/s, burst: 5, shared every: 50ms}", replicas: 2,
            expect: ["at end over limit(front) > 165", "at end over limit(front) < 185"]),
        GatewayRule(
            rule: "each tenant has a limit of its own on a route",
            gateway: "api keys: {acme: {}, other: {}}",
            read: "call: shop.read, auth: required, tenant limit: {rate: 10/s, burst: 1}",
            sender: ", api key: acme",
            expect: ["at end over limit(front) > 230", "at end ok rate(people) < 11/s"]),
        GatewayRule(
            rule: "all clients of a route together have a limit of their own",
            read: "call: shop.read, limit: {rate: 10/s, burst: 1}", routes: "read: 50%, \"GET /nothing\": 50%",
            expect: [
                "at end ok rate(front.read) < 11/s", "at end over limit(front) > 80", "at end unrouted(front) > 120",
            ]),
        GatewayRule(
            rule: "a limit can be changed in a run", gateway: "limit: {rate: 20/s, burst: 5}",
            timeline: ["at 3s set services.front.gateway.limit.rate 1000/s"],
            expect: ["during 4s..6s error share(people) == 0%", "during 1s..3s error share(people) > 50%"]),
    ]

    /// Who may ask.
    static let identities: [GatewayRule] = [
        GatewayRule(
            rule: "who presents nothing is not let in where somebody has to be known",
            gateway: "tokens: {}", read: "call: shop.read, auth: required",
            expect: ["at end unauthorized(front) - failed(people) == 0", "at end failed(people) > 290"]),
        GatewayRule(
            rule: "a token lets in, once the keys of its issuer have been fetched",
            gateway: "tokens: {fetch: constant 300ms}", read: "call: shop.read, auth: required", sender: ", token: {}",
            expect: [
                "at end failed(people) == 0", "at end key fetches(front) == 1", "at end max(people) > 300ms",
                "during 1s..6s max(people) < 10ms",
            ]),
        GatewayRule(
            rule: "a token needs the scopes of its route", gateway: "tokens: {}",
            read: "call: shop.read, auth: \"products:read\"", sender: ", token: {scopes: \"products:write\"}",
            expect: ["at end unauthorized(front) > 290"]),
        GatewayRule(
            rule: "a token for somebody else is refused", gateway: "tokens: {}",
            read: "call: shop.read, auth: required", sender: ", token: {audience: another}",
            expect: ["at end unauthorized(front) > 290"]),
        GatewayRule(
            rule: "a token of another issuer is refused, and no keys are fetched for it", gateway: "tokens: {}",
            read: "call: shop.read, auth: required", sender: ", token: {issuer: https://evil.example}",
            expect: ["at end unauthorized(front) > 290", "at end key fetches(front) == 0"]),
        GatewayRule(
            rule: "a forged token is refused", gateway: "tokens: {}",
            read: "call: shop.read, auth: required", sender: ", token: {signature: forged}",
            expect: ["at end unauthorized(front) > 290"]),
        GatewayRule(
            rule: "an unsigned token is refused", gateway: "tokens: {}",
            read: "call: shop.read, auth: required", sender: ", token: {signature: none}",
            expect: ["at end unauthorized(front) > 290", "at end key fetches(front) == 0"]),
        GatewayRule(
            rule: "an issuer that rotates its keys in time is not noticed",
            gateway: "tokens: {new key every: 2s, published: 1s, honoured: 4s, keys kept: 500ms, fetched every: 100ms}",
            read: "call: shop.read, auth: required", sender: ", token: {life: 2s}",
            expect: ["at end unauthorized(front) == 0", "at end key fetches(front) > 8"]),
        GatewayRule(
            rule: "tokens that outlive the key that signed them end with it",
            gateway: "tokens: {new key every: 2s, published: 0s, honoured: 0s, keys kept: 100ms, fetched every: 10ms}",
            read: "call: shop.read, auth: required", sender: ", token: {life: 10m}",
            expect: ["during 2s..6s error share(people) > 80%", "during 0s..2s error share(people) == 0%"]),
        GatewayRule(
            rule: "a key that has expired keeps everybody out until there is another",
            gateway: "tokens: {}", read: "call: shop.read, auth: required", sender: ", token: {}",
            timeline: ["at 2s inject expired-key on front for 2s"],
            expect: [
                "during 2s..4s error share(people) > 99%", "during 4s..6s error share(people) == 0%",
                "during 0s..2s error share(people) == 0%",
            ]),
        GatewayRule(
            rule: "an API key lets in until it ends", gateway: "api keys: {acme: {expires: 3s}}",
            read: "call: shop.read, auth: required", sender: ", api key: acme",
            expect: ["during 0s..3s error share(people) == 0%", "during 3s..6s error share(people) > 99%"]),
        GatewayRule(
            rule: "who fails too often is kept away",
            gateway: "api keys: {acme: {}}\nfailed logins: {free: 2, first delay: 10s}",
            read: "call: shop.read, auth: required", routes: "read: 100%", sender: ", api key: unknown",
            // Of 20 clients each fails three times, and is told to wait from then on.
            expect: ["at end unauthorized(front) > 290"]),
        GatewayRule(
            rule: "spoofed headers are not believed", timeline: ["at 0s inject spoofed-header on people"],
            expect: ["at end believed headers(front) == 0", "at end failed(people) == 0"]),
        GatewayRule(
            rule: "spoofed headers are believed where everybody is trusted", gateway: "trusts: everybody",
            timeline: ["at 0s inject spoofed-header on people with probability 50%"],
            expect: ["at end believed headers(front) > 100"]),
    ]
}
