// Slips in what the checkout demo says of its gateway.

extension Slip {
    /// In what a gateway is.
    static let gateways = [
        Slip(
            "limit:  {rate: 1000/s, burst: 200, shared every: 100ms}", "limit: {burst: 200}",
            "f:26:14: a limit needs rate: a whole number in a length of time, such as 100/s, 600/m or 50/10s"),
        Slip(
            "limit:  {rate: 1000/s, burst: 200, shared every: 100ms}",
            "limit: {rate: 1000/s, algorithm: fixed-window, shared every: 100ms}",
            "f:26:40: only a token bucket can be shared"),
        Slip(
            "shared every: 100ms", "shared every: 0s",
            "f:26:56: shared every: 0s is out of range; allowed: 1ms to 1m"),
        Slip(
            "shared every: 100ms", "shared each: 100ms",
            "f:26:42: unknown setting \"shared each\" of a limit; there is algorithm, rate, burst, shared every, heard after"
        ),
        Slip(
            "tokens: {audience: shop, new key every: 10m}", "tokens: {audience: shop, new key every: 10ms}",
            "f:27:47: new key every: 10ms is out of range; allowed: 1s to 87600h"),
        Slip(
            "tokens: {audience: shop, new key every: 10m}", "tokens: {audience: my shop}",
            "f:27:26: audience: \"my shop\" is not allowed here; write 1 to 256 visible ASCII characters without blanks"
        ),
        Slip(
            "tokens: {audience: shop, new key every: 10m}", "tokens: {longest life: 0s}",
            "f:27:30: longest life: 0s is out of range; allowed: more than 0s, up to 87600h"),
        Slip(
            "tokens: {audience: shop, new key every: 10m}", "tokens: yes",
            "f:27:15: this should be the settings of tokens, such as {issuer: ..., audience: ...}"),
        Slip(
            "cors:   {origins: https://shop.example}", "cors: {}",
            "f:28:13: cors needs origins: any, or origins such as https://shop.example with spaces between them"),
        Slip(
            "cors:   {origins: https://shop.example}", "cors: {origins: any, credentials: yes}",
            "f:28:41: credentials: yes is out of range; allowed: false where any origin is allowed"),
        Slip(
            "cors:   {origins: https://shop.example}", "cors: {origins: shop.example}",
            "f:28:23: origins: shop.example is out of range; allowed: such as https://shop.example"),
        Slip(
            "cors:   {origins: https://shop.example}", "trusts: 10.0.0.0/40",
            "f:28:15: trusts: 10.0.0.0/40 is out of range; allowed: an address, or one with a slash and the number of bits that count"
        ),
        Slip(
            "cors:   {origins: https://shop.example}", "trusts: somebody",
            "f:28:15: trusts: somebody is out of range; allowed: an address, or one with a slash and the number of bits that count"
        ),
        Slip(
            "cors:   {origins: https://shop.example}", "failed logins: {first delay: 1h}",
            "f:28:22: longest delay: 15m is out of range; allowed: 1h (the first) or more"),
        Slip(
            "cors:   {origins: https://shop.example}", "order: {tenant limit: 750}",
            "f:28:29: tenant limit: before authentication; allowed: after it"),
        Slip(
            "cors:   {origins: https://shop.example}", "order: {cache: 100}",
            "f:28:22: cache: before authentication; allowed: after it"),
        Slip(
            "cors:   {origins: https://shop.example}", "order: {authentication: none}",
            "f:28:31: authentication: left out, though a route wants to know who asks; "
                + "allowed: a priority, or auth: open there"),
        Slip(
            "cors:   {origins: https://shop.example}", "order: {tennant limit: 950}",
            "f:28:15: unknown setting \"tennant limit\" of the order of stages; did you mean \"tenant limit\"?"),
        Slip(
            "cors:   {origins: https://shop.example}", "order: {cache: first}",
            "f:28:22: cache: \"first\" is not allowed here; write 0 to 100000, without a unit"),
        Slip(
            "cors:   {origins: https://shop.example}", "costs: {body: 20}",
            "f:28:21: body: 20 needs a unit: write 20ms, 20s or 20m"),
        Slip(
            "cors:   {origins: https://shop.example}", "request ids: old",
            "f:28:20: request ids: \"old\" is not one of the choices; there is kept, new, none"),
        Slip(
            "cors:   {origins: https://shop.example}", "api keys: {acme: {scopes: \"a\\\"b\"}}",
            "f:28:33: scopes: a\"b is out of range; allowed: visible ASCII characters other than \" and \\"),
        Slip(
            "cors:   {origins: https://shop.example}", "api keys: [acme]",
            "f:28:17: api keys should be a mapping from names to API keys"),
        Slip(
            "cors:   {origins: https://shop.example}", "fallback: {path: /x, call: shop.browse}",
            "f:28:18: unknown setting \"path\" of the fallback; there is call, calls, auth, limit"
        ),
        Slip(
            "cors:   {origins: https://shop.example}", "fallback: {call: shop.brwse}",
            "f:28:24: shop has no operation \"brwse\"; did you mean \"browse\"?"),
        Slip(
            "cors:   {origins: https://shop.example}", "fallback: {start: place-order, call: shop.browse}",
            "f:28:18: unknown setting \"start\" of the fallback; there is call, calls, auth, limit"),
    ]

    /// In its routes.
    static let gatewayRoutes = [
        Slip(
            "browse: {method: GET", "browse: {method: FETCH",
            "f:30:26: method: \"FETCH\" is not allowed here; write any, or one or more of GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS"
        ),
        Slip(
            "browse: {method: GET", "browse: {methods: GET",
            "f:30:18: unknown setting \"methods\" of a route; did you mean \"method\"?"),
        Slip(
            "browse: {method: GET, path: \"/products/{id}\",", "browse: {method: GET,",
            "f:30:17: a route needs path: a path such as /orders/{id} or /static/*"),
        Slip(
            "browse: {", "fallback: {",
            "f:30:9: what no route takes is set beside routes, as fallback:",
            "f:81:34: front has no route \"browse\"; there is track, order, fallback",
            "f:92:32: no operation, saga or load is named \"front.browse\"; did you mean \"shop.browse\"?"),
        Slip(
            "browse: {", "bro.wse: {",
            "f:30:9: \"bro.wse\" is not allowed here; write a name of letters, digits, - and _",
            "f:81:34: front has no route \"browse\"; did you mean \"bro.wse\"?",
            "f:92:32: no operation, saga or load is named \"front.browse\"; did you mean \"front.bro.wse\"?"),
        Slip(
            "path: /orders\n", "path: orders\n",
            "f:34:17: path: orders is out of range; allowed: a path that begins with /"),
        Slip(
            "\"/products/{id}\"", "\"/products/{id}/{id}\"",
            "f:30:38: path: /products/{id}/{id} is out of range; allowed: each name once, and not {id} again"),
        Slip(
            "\"/products/{id}\"", "\"/products/*/all\"",
            "f:30:38: path: /products/*/all is out of range; allowed: * only at the end"),
        Slip(
            "\"/products/{id}\"", "\"/products/../{id}\"",
            "f:30:38: path: /products/../{id} is out of range; allowed: characters of a path, others percent-encoded, and neither . nor .. as a segment"
        ),
        Slip(
            "\"/products/{id}\"", "\"/orders/{order}\"",
            "f:31:38: route: GET /orders/{id} is out of range; allowed: what GET /orders/{order} does not match as well"
        ),
        Slip(
            "call: shop.browse", "call: shop.brows",
            "f:30:61: shop has no operation \"brows\"; did you mean \"browse\"?"),
        Slip(
            "call: shop.browse", "calls: [call shop.browse], call: shop.browse",
            "f:30:17: a route cannot have both call and calls; keep one"),
        Slip(
            "call: shop.browse", "call: front.browse",
            "f:30:61: calls go round in a circle: front.browse -> front.browse"),
        Slip(
            "call: shop.browse", "call: front.order",
            "f:30:61: front.order starts a saga or a flow; only loads may ask for that"),
        Slip(
            "call: shop.browse, cache: 2s", "call: shop.browse, answer: at once",
            "f:30:17: a route cannot have both call and answer; keep one"),
        Slip(
            "call: shop.browse, cache: 2s", "call: shop.browse, cache: 0s",
            "f:30:81: cache: 0s is out of range; allowed: more than 0s, up to 87600h"),
        Slip(
            "cache per: identity", "cache per: client",
            "f:31:113: cache per: \"client\" is not one of the choices; there is everybody, identity"),
        Slip(
            "auth: orders:read, cache: 1s", "auth: \"orders:\\\"read\", cache: 1s",
            "f:31:78: auth: orders:\"read is out of range; allowed: visible ASCII characters other than \" and \\"),
        Slip(
            "call: shop.browse, cache: 2s", "call: shop.browse, status: 404",
            "f:30:82: status: 404 is out of range; allowed: 200 to 299"),
        Slip(
            "call: shop.browse, cache: 2s", "call: shop.browse, headers: {\"Bad Name\": x}",
            "f:30:84: a field name that is no token (RFC 9110, section 5.1)"),
        Slip(
            "call: shop.browse, cache: 2s", "call: shop.browse, headers: {Content-Length: 5}",
            "f:30:83: headers: content-length is out of range; allowed: none of framing or of one connection"),
        Slip(
            "call: shop.browse, cache: 2s", "call: shop.browse, headers: [a]",
            "f:30:83: headers should be a mapping from names to fields"),
        Slip(
            "call: shop.browse, cache: 2s", "call: shop.browse, headers: {X-A: [b]}",
            "f:30:89: a field is written \"Name: value\""),
        Slip(
            "call: shop.browse, cache: 2s", "call: shop.browse, backend headers: {Transfer-Encoding: chunked}",
            "f:30:91: fields: transfer-encoding is out of range; allowed: fields for the request itself that can be sent"
        ),
        Slip(
            "start: place-order", "start: place-oder",
            "f:35:18: no saga or choreography is named \"place-oder\"; did you mean \"place-order\"?"),
        Slip(
            "start: place-order", "start: shop",
            "f:35:18: no saga or choreography is named \"shop\"; there is place-order"),
        Slip(
            "start: place-order", "start: place-order\n          call: shop.browse",
            "f:33:11: a route cannot have both call and start; keep one"),
        Slip(
            "tenant limit: {rate: 200/s}", "tenant limit: {}",
            "f:37:25: a limit needs rate: a whole number in a length of time, such as 100/s, 600/m or 50/10s"),
        Slip(
            "tenant limit: {rate: 200/s}", "tenant limit: 200/s",
            "f:37:25: this should be the settings of a limit, such as {algorithm: ..., rate: ...}"),
        Slip(
            "tenant limit: {rate: 200/s}", "tenant limit: {rate: 200/s, shared every: 1s}",
            "f:37:39: unknown setting \"shared every\" of a limit; there is algorithm, rate, burst"),
        Slip(
            "body: {product: text 1 to 20, quantity: whole 1 to 10}", "body: {product: word}",
            "f:38:27: product: \"word\" is not what stands here; write text, text 1 to 20, one of a b c, whole, whole 1 to 10, decimal, decimal 0.5 to 100, flag or any, and \", optional\" behind it if it may be missing"
        ),
        Slip(
            "body: {product: text 1 to 20, quantity: whole 1 to 10}", "body: {quantity: whole 10 to 1}",
            "f:38:40: quantity: \"1\" is not what stands here; write text, text 1 to 20, one of a b c, whole, whole 1 to 10, decimal, decimal 0.5 to 100, flag or any, and \", optional\" behind it if it may be missing"
        ),
        Slip(
            "body: {product: text 1 to 20, quantity: whole 1 to 10}", "body: {size: one of}",
            "f:38:30: size: something is missing here; write text, text 1 to 20, one of a b c, whole, whole 1 to 10, decimal, decimal 0.5 to 100, flag or any, and \", optional\" behind it if it may be missing"
        ),
        Slip(
            "body: {product: text 1 to 20, quantity: whole 1 to 10}", "body: [product]",
            "f:38:17: body should be a mapping from names to rules for fields"),
        Slip(
            "request: [set header X-Channel web]", "request: [set header Content-Length 5]",
            "f:39:20: request: header: content-length is out of range; allowed: none of framing or of one connection"),
        Slip(
            "request: [set header X-Channel web]", "request: [set header Connection close]",
            "f:39:20: request: header: connection is out of range; allowed: none of framing or of one connection"),
        Slip(
            "request: [set header X-Channel web]", "request: [set heder X-Channel web]",
            "f:39:21: request: \"set\" is not what stands here; write set header NAME VALUE, add header NAME VALUE, remove header NAME, rename header NAME to NAME, strip path /PREFIX, add path /PREFIX, rewrite path /PATH, add query NAME VALUE, remove query NAME, rename query NAME to NAME, remove field NAME or rename field NAME to NAME"
        ),
        Slip(
            "request: [set header X-Channel web]", "request: [strip path api]",
            "f:39:20: request: path: api is out of range; allowed: a path that begins with /"),
        Slip(
            "request: [set header X-Channel web]", "request: set header X-Channel web",
            "f:39:20: request should be a list: [set header NAME VALUE, ...]"),
        Slip(
            "request: [set header X-Channel web]", "response: [strip path /api]",
            "f:39:28: response: \"path\" is not what stands here; write set header NAME VALUE, add header NAME VALUE, remove header NAME, rename header NAME to NAME or status 500 to 503"
        ),
    ]
}
