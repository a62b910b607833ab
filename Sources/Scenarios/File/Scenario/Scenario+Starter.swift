extension Scenario {
    /// A commented scenario file to begin with; it is valid as it is, and what it expects holds.
    public static let starter = """
        # A scenario for sagascope. Try it:      sagascope FILE
        # Judge its expectations:                sagascope check FILE
        # All that can stand here:               sagascope help scenario
        sagascope: 1
        name: starter
        about: A shop calls a warehouse, which slows down for a while.
        seed: 1                       # the same seed gives the same run, to the last event
        duration: 2m                  # how long the load lasts

        services:                     # who does work: so many calls at once, so many more waiting
          shop:
            workers: 32
            queue: 100
            latency: constant 1ms
            operations:
              order: [call warehouse.reserve]
          warehouse:
            workers: 8
            queue: 40
            latency: lognormal p50 10ms p99 60ms
            errors: 0.1%

        edges:                        # the ways between services, and what guards them, outermost first
          shop -> warehouse:
            network: constant 1ms
            guards: [retry, breaker, timeout]
            retry:   {attempts: 2, backoff: exponential 20ms to 1s, jitter: full}
            breaker: {window: 50 calls, failures: 50%, open: 5s, probes: 3}
            timeout: 250ms

        load:                         # who calls from outside
          customers: {call: shop.order, rate: 100/s}

        # What happens, one command a line, exactly as at the prompt: sagascope help commands
        timeline: |
          at 30s  caption "The warehouse slows down: its calls time out, and the breaker opens."
          at 30s  inject latency on warehouse add 500ms for 20s

        # What must hold, one expectation a line: sagascope help expect
        expect: |
          during 10s..30s  p99(shop.order) < 200ms
          by 40s           breaker warehouse is open
          from 50s by 70s  breaker warehouse is closed

        """
}
