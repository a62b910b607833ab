// Slips around the gateway of the checkout demo, and in the loads that go to it.

extension Slip {
    /// Around it, and in the loads that go to it.
    static let gatewayCallers = [
        Slip(
            "    latency: constant 200us\n    gateway:",
            "    latency: constant 200us\n    operations: {browse: {}}\n    gateway:",
            "f:25:5: a gateway has no operations of its own; see the routes of its gateway"),
        Slip(
            "    latency: constant 200us\n    gateway:",
            "    latency: constant 200us\n    cache: {l1: 10 entries}\n    gateway:",
            "f:25:5: a gateway has no cache of its own; see the cache of a route"),
        Slip(
            "call: inventory.reserve,", "call: front.order,",
            "f:74:32: front.order starts a saga or a flow; only loads may ask for that"),
        Slip(
            "undo: inventory.release", "undo: front.order",
            "f:74:57: front.order starts a saga or a flow; only loads may ask for that"),
        Slip(
            "call: inventory.reserve,", "call: front.brows,",
            "f:74:32: front has no operation \"brows\"; did you mean \"browse\"?"),
        Slip(
            "{browse: [call catalog.read]}", "{browse: [call front.order]}",
            "f:40:85: front.order starts a saga or a flow; only loads may ask for that"),
        Slip(
            "    timeout:  500ms\n",
            "    timeout:  500ms\n  shop -> inventory: {guards: [fallback], fallback: {answer: call front.order}}\n",
            "f:67:62: front.order starts a saga or a flow; only loads may ask for that"),
        Slip(
            "{to: front, routes: {browse: 100%}", "{to: fornt, routes: {browse: 100%}",
            "f:81:18: no gateway is named \"fornt\"; did you mean \"front\"?"),
        Slip(
            "{to: front, routes: {browse: 100%}", "{to: shop, routes: {browse: 100%}",
            "f:81:18: no gateway is named \"shop\"; there is front"),
        Slip(
            "{to: front, routes: {browse: 100%}", "{to: front",
            "f:81:13: a load with to needs routes, such as {browse: 70%, order: 30%}"),
        Slip(
            "{to: front, routes: {browse: 100%}", "{to: front, routes: {}",
            "f:81:33: a load with to needs routes, such as {browse: 70%, order: 30%}"),
        Slip(
            "{to: front, routes: {browse: 100%}", "{routes: {browse: 100%}",
            "f:81:13: a load needs to"),
        Slip(
            "{to: front, routes: {browse: 100%}", "{to: front, call: front.browse, routes: {browse: 100%}",
            "f:81:13: a load cannot have both call and to; keep one"),
        Slip(
            "routes: {browse: 100%}", "routes: {browse: 0%}",
            "f:81:33: routes: at least one share is more than 0%"),
        Slip(
            "routes: {browse: 100%}", "routes: {browse: 120%}",
            "f:81:42: browse: 120% is out of range; allowed: a share from 0% to 100%"),
        Slip(
            "routes: {browse: 100%}", "routes: {browse: 1}",
            "f:81:42: browse: 1 needs a unit: write 1%"),
        Slip(
            "routes: {browse: 100%}", "routes: {browes: 100%}",
            "f:81:34: front has no route \"browes\"; did you mean \"browse\"?"),
        Slip(
            "routes: {browse: 100%}", "routes: [browse]",
            "f:81:33: routes should be a mapping from names to shares"),
        Slip(
            "routes: {browse: 100%}", "routes: {\"GET products\": 100%}",
            "f:81:38: \"products\" is no target; write one such as /products"),
        Slip(
            "routes: {browse: 100%}", "routes: {\"FETCH /products\": 100%}",
            "f:81:34: \"FETCH\" is not what stands here; write a method and a target such as \"GET /products/{key}\", and a size such as 2kB for a body"
        ),
        Slip(
            "routes: {browse: 100%}", "routes: {\"GET /a b\": 100%}",
            "f:81:41: \"b\" is not allowed here; write an amount of memory such as 64 kB, 1 MB or 2 GiB"),
        Slip(
            "routes: {browse: 100%}", "routes: {\"GET /products/{id}\": 100%}",
            "f:81:38: only {key} stands for something else in a target; leave out other braces"),
        Slip(
            "routes: {browse: 100%}", "routes: {browse: 100%}, api key: acme",
            "f:81:58: the gateway has no API key \"acme\"; there is unknown"),
        Slip(
            "routes: {browse: 100%}", "routes: {browse: 100%}, api key: unknown, token: {}",
            "f:81:13: a load cannot have both api key and token; keep one"),
        Slip(
            "      tokens: {audience: shop, new key every: 10m}\n", "",
            "f:79:66: the gateway accepts no tokens; give it tokens: {}"),
        Slip(
            "routes: {browse: 100%}", "routes: {browse: 100%}, headers: {\"X Y\": a}",
            "f:81:59: a field name that is no token (RFC 9110, section 5.1)"),
        Slip(
            "routes: {browse: 100%}", "routes: {browse: 100%}, headers: {X-A: \"a\\nb\"}",
            "f:81:58: headers: the byte 10 in the value of x-a (RFC 9110, section 5.5)"),
        Slip(
            "token: {scopes: \"orders:read orders:write\"}", "token: {scope: orders:read}",
            "f:80:67: unknown setting \"scope\" of a token; did you mean \"scopes\"?"),
        Slip(
            "token: {scopes: \"orders:read orders:write\"}", "token: {life: 0s}",
            "f:80:73: life: 0s is out of range; allowed: 1ms to 87600h"),
        Slip(
            "token: {scopes: \"orders:read orders:write\"}", "token: {signature: bad}",
            "f:80:78: signature: \"bad\" is not one of the choices; there is good, forged, none"),
        Slip(
            "token: {scopes: \"orders:read orders:write\"}", "token: {issuer: a b}",
            "f:80:75: issuer: \"a b\" is not allowed here; write 1 to 256 visible ASCII characters without blanks"),
    ]

    /// In lines of the timeline and expectations that are about it.
    static let gatewayLines = [
        Slip(
            "at 30s  ", "at 25s inject expired-key on shop\n  at 30s  ",
            "f:85:32: no gateway with tokens is named \"shop\"; there is front"),
        Slip(
            "at 30s  ", "at 25s inject spoofed-header on nobody\n  at 30s  ",
            "f:85:35: no target is named \"nobody\"; there is front, shop, catalog, inventory, payment, orders, shoppers, visitors"
        ),
        Slip(
            "at 30s  ", "at 25s inject spoofed-header on front\n  at 30s  ",
            "f:85:35: spoofed-header can only happen to a load; front is a service"),
        Slip(
            "at 30s  ", "at 25s set front.gateway.limit.rate fast\n  at 30s  ",
            "f:85:39: rate: \"fast\" is not allowed here; write a whole number in a length of time, such as 100/s, 600/m or 50/10s"
        ),
        Slip(
            "at 30s  ", "at 25s set front.gateway.routes.browse.path /x\n  at 30s  ",
            "f:85:14: services.front.gateway.routes.browse.path cannot change while the system runs; begin with --set services.front.gateway.routes.browse.path=/x"
        ),
        Slip(
            "at 30s  ", "at 25s set front.gateway.routes.brows.cache 1s\n  at 30s  ",
            "f:85:14: there is no setting \"front.gateway.routes.brows.cache\"; did you mean \"services.front.gateway.routes.browse.cache\"?"
        ),
        Slip(
            "over limit(front)", "over limit(shop)",
            "f:93:31: no gateway is named \"shop\"; there is front"),
        Slip(
            "error share(front.browse)", "error share(front.brows)",
            "f:92:32: no operation, saga or load is named \"front.brows\"; did you mean \"front.browse\"?"),
    ]
}
