internal import Timeline

extension CircuitBreaker {
    /// The libraries whose rules and defaults come as settings.
    ///
    /// All differ from their originals in two points: results of an older generation are dropped, which of them
    /// only gobreaker does, and a half-open phase has a limit, by default the open time, which only
    /// resilience4j can be given.
    public enum Preset: String, Hashable, Sendable, CaseIterable {
        /// sony/gobreaker v2: `gobreaker.Settings{}`.
        case gobreaker
        /// resilience4j: `CircuitBreakerConfig.ofDefaults()`.
        case resilience4j
        /// Polly v8: `CircuitBreakerStrategyOptions`.
        case polly
        /// Hystrix: `HystrixCommandProperties`.
        case hystrix
        /// failsafe-go: `circuitbreaker.NewWithDefaults()`.
        case failsafe

        /// The settings that the library has if nothing is set.
        public var settings: Settings {
            switch self {
            case .gobreaker: .gobreaker
            case .resilience4j: .resilience4j
            case .polly: .polly
            case .hystrix: .hystrix
            case .failsafe: .failsafe
            }
        }
    }
}

extension CircuitBreaker.Settings {
    /// gobreaker's: 6 failures in a row; never cleared; 60 s open; one probe; half-open when read.
    ///
    /// `Interval` is the ``window``, with `BucketPeriod` as its buckets, `MaxRequests` are ``probes``, `Timeout` is
    /// ``openTime``. A `ReadyToTrip` of its own is a ``CircuitBreaker/TripRule/callers`` rule, for
    /// gobreaker counts requests under way too; for a rate of those that ended, ``CircuitBreaker/TripRule/rate``.
    public static let gobreaker = Self { settings in
        settings.window = .interval(.zero)
        settings.tripRule = .consecutive(6)
        settings.judging = .failures
        settings.strictEnds = true
        settings.halfOpensWhenRead = true
        settings.probes = 1
        settings.probeRule = .consecutive
    }

    /// resilience4j's: half of the last 100 calls failed, or all took over 60 s; 60 s open; 10 probes by rate.
    ///
    /// A `TIME_BASED` window of n seconds is `.time(.seconds(n), buckets: n)`.
    public static let resilience4j = Self { settings in
        settings.askedMinimum = 100
        settings.slowCalls = .init(over: .seconds(60), rate: 1)
        settings.strictEnds = true
        settings.probeRule = .rateFromMinimum
    }

    /// Polly's: 10 % of at least 100 calls in 30 s failed, judged after failures; 5 s open; one probe.
    ///
    /// Polly calls `handled` what is a failure here; all else is a success, a cancelled call too.
    public static let polly = Self { settings in
        settings.window = .time(.seconds(30))
        settings.askedMinimum = 100
        settings.failureRate = 0.1
        settings.judging = .failures
        settings.openTime = .seconds(5)
        settings.probes = 1
        settings.probeRule = .consecutive
    }

    /// Hystrix's: half of at least 20 calls in 10 s failed; 5 s open; one probe, and a cancelled one reopens.
    ///
    /// Hystrix judges by a health snapshot every 500 ms; here each result is judged.
    public static let hystrix = Self { settings in
        settings.window = .time(.seconds(10))
        settings.openTime = .seconds(5)
        settings.strictEnds = true
        settings.probes = 1
        settings.probeRule = .consecutive
        settings.ignoredProbe = .reopens
    }

    /// failsafe-go's: the first failure; 1 min open; one probe at a time.
    ///
    /// `WithFailureThresholdRatio(n, m)` is a window of m calls with `.failures(n)`; unless
    /// `WithSuccessThresholdRatio(n, m)` is set, which is `.successes(n)` of m ``probes``, it also means
    /// `.successes(m - n + 1)` of m probes.
    public static let failsafe = Self { settings in
        settings.window = .calls(1)
        settings.tripRule = .failures(1)
        settings.probes = 1
        settings.probeLimit = .concurrent
        settings.probeRule = .successes(1)
    }

    private init(_ change: (inout Self) -> Void) {
        self = .standard
        change(&self)
        derive()
    }
}
