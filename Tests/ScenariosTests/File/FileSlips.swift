extension Slip {
    static let head = [
        Slip(
            "sagascope: 1", "sagascope: 2",
            "f:1:12: this is version 2 of the format; this program reads version 1"),
        Slip(
            "sagascope: 1\n", "",
            "f:1:1: a scenario begins with \"sagascope: 1\""),
        Slip(
            "seed: 42", "seed: abc",
            "f:4:7: seed: \"abc\" is not allowed here; write a whole number from 0 to 18446744073709551615"),
        Slip(
            "duration: 3m", "duration: 0s",
            "f:5:11: duration: 0s is out of range; allowed: 1ms to 87600h"),
        Slip(
            "duration: 3m", "duration: 3",
            "f:5:11: duration: 3 needs a unit: write 3ms, 3s or 3m"),
        Slip(
            "seed: 42", "teaches: 7, 11\nseed: 42",
            "f:4:10: teaches: \"7, 11\" is not allowed here; write numbers of the guide's interview questions, such as 5, 7, each once, from 1 to 10"
        ),
        Slip(
            "services:\n", "services: 3\nother:\n",
            "f:6:11: services should be a mapping from names to services",
            "f:7:1: unknown setting \"other\" of a scenario; there is sagascope, name, about, teaches, seed, duration, endless, services, ...; \"sagascope help scenario\" lists all"
        ),
        Slip(
            "name: slow-payment", "nmae: slow-payment",
            "f:2:1: unknown setting \"nmae\" of a scenario; did you mean \"name\"?"),
        Slip(
            "about: Orders", "about: \"Zoë ✈ \\u00e9 x\"\nseeds: é\nabouts: Orders",
            "f:4:1: unknown setting \"seeds\" of a scenario; did you mean \"seed\"?",
            "f:5:1: unknown setting \"abouts\" of a scenario; did you mean \"about\"?"),
        Slip(
            "services:\n", "services:\n  \"a b\": {}\n",
            "f:7:3: \"a b\" is not allowed here; write a name of letters, digits, - and _"),
    ]

    static let services = [
        Slip(
            "workers: 64", "worker: 64",
            "f:7:15: unknown setting \"worker\" of a service; did you mean \"workers\"?"),
        Slip(
            "workers: 64", "workers: 0",
            "f:7:24: workers: 0 is out of range; allowed: 1 to 1000000"),
        Slip(
            "workers: 64", "replicas: 2, running: 3, workers: 64",
            "f:7:37: running: 3 is more than replicas, 2"),
        Slip(
            "workers: 64", "replicas: 2, running: 0, workers: 64",
            "f:7:37: running: 0 is out of range; allowed: 1 to 200"),
        Slip(
            "workers: 64", "workers: many",
            "f:7:24: workers: \"many\" is not allowed here; write 1 to 1000000, without a unit"),
        Slip(
            "workers: 64", "workers: 64 workers",
            "f:7:27: workers: \"workers\" is one word too many; write 1 to 1000000, without a unit"),
        Slip(
            "workers: 64", "workers: -3",
            "f:7:24: workers: \"-3\" is negative; write 1 to 1000000, without a unit"),
        Slip(
            "workers: 64", "workers: 99999999999999999999",
            "f:7:24: workers: 99999999999999999999 is out of range; allowed: 1 to 1000000"),
        Slip(
            "queue: 256", "queue: 256, queue: 3",
            "f:7:28: \"queue\" is set more than once; keep one"),
        Slip(
            "latency: constant 1ms, oper", "latency: constant 1, oper",
            "f:7:58: latency: 1 needs a unit: write 1ms, 1s or 1m"),
        Slip(
            "latency: constant 1ms, oper", "latency: constnt 1ms, oper",
            "f:7:49: latency: \"constnt\" is not a distribution; did you mean \"constant\"?"),
        Slip(
            "exponential mean 4ms", "exponential 4ms",
            "f:8:60: latency: \"4ms\" is not what stands here; write exponential mean 4ms"),
        Slip(
            "exponential mean 4ms", "exponential mean 4ms sd 3ms",
            "f:8:69: latency: \"sd\" is one word too many; write exponential mean 4ms"),
        Slip(
            "lognormal p50 8ms p99 40ms", "lognormal p50 80ms p99 40ms",
            "f:9:71: latency: 40ms is out of range; allowed: 80ms to 87600h"),
        Slip(
            "lognormal p50 8ms p99 40ms", "lognormal p50 8ms",
            "f:9:65: latency: something is missing here; write lognormal p50 8ms p99 40ms"),
        Slip(
            "lognormal p50 8ms p99 40ms", "pareto min 2ms shape 0",
            "f:9:69: latency: \"0\" is not allowed here; write a number from 0.1 to 100"),
        Slip(
            "lognormal p50 8ms p99 40ms", "empirical p0 1ms p50 3ms",
            "f:9:48: latency: an empirical distribution needs 2 to 8 rising quantiles from p0 to p100"),
        Slip(
            "lognormal p50 8ms p99 40ms", "uniform 20ms to 5ms",
            "f:9:64: latency: 5ms is out of range; allowed: 20ms to 87600h"),
        Slip(
            "errors: 0.1%", "errors: 0.1",
            "f:14:13: errors: 0.1 needs a unit: write 0.1%"),
        Slip(
            "errors: 0.1%", "errors: 101%",
            "f:14:13: errors: 101% is out of range; allowed: a share from 0% to 100%"),
        Slip(
            "errors: 0.1%", "errors: [1%]",
            "f:14:13: errors needs a value: a share from 0% to 100%"),
        Slip(
            "errors: 0.1%", "errors:",
            "f:14:12: errors needs a value: a share from 0% to 100%"),
        Slip(
            "l1: 500 entries", "l1: 500",
            "f:8:82: l1: 500 needs its unit: write 500 entries"),
        Slip(
            "l1: 500 entries", "l1: 64 MB",
            "f:8:82: a level of so much memory needs value size, such as constant 2kB; or write how many entries"),
        Slip(
            "l1: 500 entries, l2", "value size: constant 2kB, l1: 5 MB, l2",
            "f:8:118: 5000 entries, while value size is set; write how much memory, such as 64 MB"),
        Slip(
            "l1: 500 entries, l2: 5000 entries", "value size: lognormal p50 2kB p99 1kB, l1: 5 MB",
            "f:8:112: value size: 1kB is out of range; allowed: more than 0 B, up to 1 GB"),
        Slip(
            "ttl: 30s", "warming: {keys: popular 100}",
            "f:8:140: keys: something is missing here; write popular 100 at restart, or popular 100 every 30s"),
        Slip(
            "ttl: 30s", "warming: {keys: first 100 at restart, rate: 0/s}",
            "f:8:157: rate: 0/s is out of range; allowed: 0.001 to 1000000 loads a second"),
        Slip(
            "ttl: 30s", "coherence: {patterns: [{strategy: lazy}]}",
            "f:8:136: a pattern of keys needs keys: keys by operation and number such as price:42, with * for any text and ? for any character, at most 256 characters"
        ),
        Slip(
            "ttl: 30s}", "ttl: 30s}, operations: {read: {}, sale: {writes: tag}}",
            "f:8:162: catalog has no cache with tags and coherence; give it both"),
        Slip(
            "l1: 500 entries, l2: 5000 entries",
            "levels: {\(String(repeating: "m", count: 41)): {entries: 500 entries}}",
            "f:8:87: a level's name of 41 bytes is out of range; allowed: 1 to 40"),
        Slip(
            "ttl: 30s", "ttl: 30",
            "f:8:118: ttl: 30 needs a unit: write 30ms, 30s or 30m"),
        Slip(
            "ttl: 30s", "ttl: 0s",
            "f:8:118: ttl: 0s is out of range; allowed: more than 0s, up to 87600h"),
        Slip(
            "books: charged", "book: charged",
            "f:15:27: unknown setting \"book\" of an operation; did you mean \"books\"?"),
        Slip(
            "call catalog.read", "call catalogue.read",
            "f:7:85: no service is named \"catalogue\"; did you mean \"catalog\"?"),
        Slip(
            "call catalog.read", "call catalog",
            "f:7:90: \"catalog\" is not allowed here; write service.operation, such as payment.charge"),
        Slip(
            "call catalog.read", "call shop.browse",
            "f:7:85: calls go round in a circle: shop.browse -> shop.browse"),
        Slip(
            "call catalog.read", "call payment.chrage",
            "f:7:85: payment has no operation \"chrage\"; did you mean \"charge\"?"),
        Slip(
            "latency: constant 1ms, oper", "latency: -1ms, oper",
            "f:7:49: latency: \"-1ms\" is not a distribution; write for instance constant 1ms, uniform 5ms to 20ms, exponential mean 4ms"
        ),
        Slip(
            "errors: 0.1%\n", "errors: 0.1%\n    errors: 3\n",
            "f:14:5: \"errors\" is set more than once; keep one"),
        Slip(
            "payment:\n    workers: 16", "payment:\n    workers: [16]",
            "f:11:14: workers needs a value: 1 to 1000000, without a unit"),
    ]

    static let edges = [
        Slip(
            "  shop -> payment:", "  shop -> paymnt:",
            "f:18:3: no service is named \"paymnt\"; did you mean \"payment\"?"),
        Slip(
            "  shop -> payment:", "  shopper -> payment:",
            "f:18:3: no service or load is named \"shopper\"; did you mean \"shoppers\"?"),
        Slip(
            "  shop -> payment:", "  shop payment:",
            "f:18:3: an edge is named by its ends: \"shop -> payment\""),
        Slip(
            "  shop -> payment:", "  shoppers -> shop: {}\n  shop -> payment:",
            "f:36:21: a load that starts a saga takes no edge, but \"shoppers -> shop\" is declared"),
        Slip(
            "[bulkhead, retry, breaker, timeout]", "[bulkhead, retry, timeout]",
            "f:23:5: there are settings for \"breaker\", but guards does not list it; add it: guards: [..., breaker]"),
        Slip(
            "[bulkhead, retry, breaker, timeout]", "[bulkhead, retry, retry, breaker, timeout]",
            "f:20:31: \"retry\" stands here twice; call the second \"retry 2\" and give it its settings"),
        Slip(
            "[bulkhead, retry, breaker, timeout]", "[bulkhead, retri, retry, breaker, timeout]",
            "f:20:24: unknown guard \"retri\"; did you mean \"retry\"?",
            "f:20:31: \"retry\" stands here twice; call the second \"retry 2\" and give it its settings"),
        Slip(
            "[bulkhead, retry, breaker, timeout]", "[bulkhead, retry, breaker, timeout, timeout 2]",
            "f:20:49: timeout needs a value: a length of time such as 500ms, or learned: p99 x 1.5 from 50ms to 2s (a percentile of "
                + "the last 100 calls, from 10 calls on; until then the longest), or rfc6298 from 50ms to 2s (as TCP does)"
        ),
        Slip(
            "threads: 16, queue: 32", "queue: 32",
            "f:21:15: a bulkhead needs threads or core"),
        Slip(
            "threads: 16, queue: 32", "threads: 16, core: 3",
            "f:21:15: a bulkhead cannot have both threads and core; keep one"),
        Slip(
            "threads: 16, queue: 32", "core: 16, max: 3",
            "f:21:31: max: 3 is less than core, 16"),
        Slip(
            "attempts: 3", "attempts: 0",
            "f:22:26: attempts: 0 is out of range; allowed: 1 to 1000"),
        Slip(
            "exponential 50ms to 2s", "exponential 5s to 2s",
            "f:22:56: backoff: 2s is out of range; allowed: 5s to 87600h"),
        Slip(
            "exponential 50ms to 2s", "exponentially",
            "f:22:38: backoff: \"exponentially\" is not what stands here; write exponential 50ms to 2s, linear 50ms to 1s, constant 100ms, none"
        ),
        Slip(
            "jitter: full", "jitter: fulll",
            "f:22:70: jitter: \"fulll\" is not one of the choices; did you mean \"full\"?"),
        Slip(
            "window: 20 calls", "window: 20",
            "f:23:24: window: 20 needs a unit: write 20 calls or 20s"),
        Slip(
            "failures: 50%, open", "failures: 0%, open",
            "f:23:44: failures: 0% is out of range; allowed: a share from more than 0% to 100%"),
        Slip(
            "probes: 3", "probes: 3, minimum: 30 calls",
            "f:23:79: minimum: 30 calls never are in a window of 20 calls"),
        Slip(
            "timeout:  500ms", "timeout:  500",
            "f:24:15: timeout: 500 needs a unit: write 500ms, 500s or 500m"),
        Slip(
            "timeout:  500ms", "timeout:  0s",
            "f:24:15: timeout: 0s is out of range; allowed: more than 0s, up to 87600h"),
        Slip(
            "[bulkhead, retry, breaker, timeout]", "[bulkhead, retri, breaker, timeout]",
            "f:20:24: unknown guard \"retri\"; did you mean \"retry\"?"),
    ]

    static let sagas = [
        Slip(
            "runs in: shop", "runs in: shpo",
            "f:27:14: no service is named \"shpo\"; did you mean \"shop\"?"),
        Slip(
            "runs in: shop", "run in: shop",
            "f:27:5: unknown setting \"run in\" of a saga; did you mean \"runs in\"?"),
        Slip(
            "timeout: 30s", "timeout: -30s",
            "f:28:14: timeout: \"-30s\" is negative; write a length of time such as 250ms, 1.5s or 2m, more than 0s"),
        Slip(
            "undo: payment.refund", "undo: payment.refnd",
            "f:31:56: payment has no operation \"refnd\"; did you mean \"refund\"?"),
        Slip(
            "undo: payment.refund", "undo: pament.refund",
            "f:31:56: no service is named \"pament\"; did you mean \"payment\"?"),
        Slip(
            "call: orders.confirm,    pivot: true", "call: orders.confirm,    undo: orders.email, pivot: true",
            "f:32:9: saga place-order, step confirm: it has an undo that would never run: the saga cannot go back from this step"
        ),
        Slip(
            "call: orders.email,      retry: until done", "call: orders.email",
            "f:33:9: saga place-order, step notify: it may fail after confirm, from where the saga cannot go back; retry it until done or move it before"
        ),
        Slip(
            "retry: until done", "retry: until done constant 0s",
            "f:33:77: retry: 0s is out of range; allowed: 1ms to 87600h"),
        Slip(
            "name: confirm", "name: charge",
            "f:32:9: saga place-order, step charge: another step has the same name"),
        Slip(
            "steps:\n", "steps: []\n    rest:\n",
            "f:26:3: a saga needs steps, 1 to 16",
            "f:30:5: unknown setting \"rest\" of a saga; there is runs in, timeout, amount, takeover, recoveries, isolation, version of, monitor, ...; "
                + "\"sagascope help scenario\" lists all"
        ),
        Slip(
            "{name: notify,  call: orders.email,      retry: until done}",
            "{name: notify,  call: orders.emial,      rety: until done}",
            "f:33:31: orders has no operation \"emial\"; did you mean \"email\"?",
            "f:33:50: unknown setting \"rety\" of a step; did you mean \"retry\"?"),
    ]

    static let loads = [
        Slip(
            "start: place-order", "start: place-ordr",
            "f:35:21: no saga is named \"place-ordr\"; did you mean \"place-order\"?"),
        Slip(
            "start: place-order, rate", "start: place-order, call: shop.browse, rate",
            "f:35:13: a load cannot have both start and call; keep one"),
        Slip(
            "rate: 60/s, arr", "arr",
            "f:35:13: a load needs rate or stages"),
        Slip(
            "rate: 60/s", "rate: 60",
            "f:35:40: rate: 60 needs a unit: write 60/s, 60/m or 60/h"),
        Slip(
            "rate: 60/s", "rate: -60/s",
            "f:35:40: rate: \"-60/s\" is negative; write a rate such as 60/s, 90/m or 10/h, at most 10000000/s"),
        Slip(
            "rate: 60/s", "rate: 60/s, users: 3",
            "f:35:13: a load cannot have both rate and users; keep one"),
        Slip(
            "rate: 60/s, arrivals: poisson", "users: 3, think: 0s",
            "f:35:51: think: the mean is 0s; allowed: at least 1ms"),
        Slip(
            "rate: 60/s, arrivals: poisson", "stages: [{rate: 60/s, for: 10s}, {from: 3/s, for: 10s}, {to: 4/s}]",
            "f:35:67: a stage needs to: a rate such as 60/s, 90/m or 10/h, at most 10000000/s",
            "f:35:90: a stage needs from"),
        Slip(
            "zipf 1.0 over 20000", "zipf 1.0 over 0",
            "f:36:66: keys: 0 is out of range; allowed: 1 to 4000000000"),
        Slip(
            "zipf 1.0 over 20000", "zipf over 20000",
            "f:36:57: keys: \"over\" is not allowed here; write zipf 1.0 over 20000 (an exponent from 0 to 5), uniform over 20000, loop over 20000 (one after another, and again), loop over 20000 from 50001, new again after 100 (ever new ones, each once more after 100 others), or none"
        ),
        Slip(
            "visitors: {", "shop: {",
            "f:36:3: the name \"shop\" is taken by a service"),
        Slip(
            "load:\n", "loads:\n",
            "f:34:1: unknown setting \"loads\" of a scenario; did you mean \"load\"?"),
    ]

    static let lines = [
        Slip(
            "timeline: |", "timeline: >",
            "f:37:11: timeline is a block of lines: write \"timeline: |\", and the lines below it, indented"),
        Slip(
            "expect: |", "expectations: |",
            "f:41:1: unknown setting \"expectations\" of a scenario; there is sagascope, name, about, teaches, seed, duration, endless, services, ...; \"sagascope help scenario\" lists all"
        ),
        Slip(
            "at 30s  inject", "at 30 inject",
            "f:39:6: 30 needs a unit: write 30ms, 30s or 30m"),
        Slip(
            "mark \"breaker open\"", "set payment.wrkers 3",
            "f:40:15: there is no setting \"payment.wrkers\"; did you mean \"services.payment.workers\"?"),
        Slip(
            "mark \"breaker open\"", "set payment.workers many",
            "f:40:31: workers: \"many\" is not allowed here; write 1 to 1000000, without a unit"),
        Slip(
            "mark \"breaker open\"", "set seed 4",
            "f:40:15: seed cannot change while the system runs; begin with --set seed=4"),
        Slip(
            "breaker payment is open", "breaker paymnt is open",
            "f:42:28: \"paymnt\" is no edge with a breaker; there is shop -> payment"),
        Slip(
            "at 45s  mark", "mark",
            "f:40:3: expected \"at\", a time and a command, not \"mark\""),
        Slip(
            "during 45s..65s", "during 45s-65s",
            "f:43:10: \"45s-65s\" is not allowed here; write a length of time such as 250ms, 1.5s or 2m"),
        Slip(
            "timeline: |", "timeline: at 3s pause\nother: |",
            "f:37:11: timeline is a block of lines: write \"timeline: |\", and the lines below it, indented",
            "f:38:1: unknown setting \"other\" of a scenario; there is sagascope, name, about, teaches, seed, duration, endless, services, ...; \"sagascope help scenario\" lists all"
        ),
    ]

    static let yaml = [
        Slip(
            "seed: 42", "seed: &a 42",
            "f:4:7: anchors and aliases (&a...) are not supported; put it in quotes"),
        Slip(
            "seed: 42", "seed: *a",
            "f:4:7: anchors and aliases (*a...) are not supported; put it in quotes"),
        Slip(
            "seed: 42", "seed: [42",
            "f:5:9: this is not YAML: did not find expected ',' or ']' (while parsing a flow sequence that begins in line 4)"
        ),
        Slip(
            "seed: 42", "seed: 42\nseed: 43",
            "f:4:1: \"seed\" is set more than once; keep one"),
        Slip(
            "seed: 42", "\tseed: 42",
            "f:4:1: this is not YAML: found a tab character that violates indentation (while scanning a plain scalar that begins in line 3)"
        ),
        Slip(
            "seed: 42", "seed: 42\n---\nseed: 3",
            "f:5:1: a file holds one scenario; a second document begins here"),
        Slip(
            "services:\n", "services:\n  broken\n",
            "f:8:7: this is not YAML: mapping values are not allowed in this context"),
        Slip(
            "services:\n", "services:\n  ? [a, b]\n  : 3\n",
            "f:7:5: a key must be a plain name"),
    ]
}
