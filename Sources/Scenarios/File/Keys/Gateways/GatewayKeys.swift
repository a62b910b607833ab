import Gateway
import Simulation
import Timeline

/// The keys of a service that is a gateway.
enum GatewayKeys {
    /// What becomes of the name that a client gives its request.
    enum Naming: CaseIterable, Sendable {
        case kept, new, none
    }

    static let naming = Key(
        "request ids", ChoiceNotation<Naming>(), standard: "kept",
        "whether the name that a client gives its request is kept, replaced by a new one, or nobody looks at it")
    static let tracing = Key(
        "tracing", OptionalNotation(ShareNotation(allowsZero: true)), standard: "100%",
        "the share of new traces that are recorded; none: traces are not continued")
    static let suspicious = Key(
        "suspicious requests", ChoiceNotation(choices: [("refuse", true), ("pass", false)]), standard: "refuse",
        "what becomes of requests whose target looks like an attack")
    static let security = Key(
        "security headers", FlagNotation(), standard: "yes", "whether browsers are told to be careful with answers")
    static let compression = Key(
        "compression", FlagNotation(), standard: "yes",
        "whether answers are made shorter for clients that can read them so")
    static let stored = Key(
        "stored responses", CountNotation(range: 0...1_000_000), standard: "1000", isLive: false,
        "how many responses each replica stores, for the routes with cache")
    static let trusts = Key(
        "trusts", AddressesNotation(), standard: "nobody",
        "the addresses of proxies whose X-Forwarded-For is believed; everybody believes anyone, a mistake")

    static let forwarded = Key(
        "forwarded", FlagNotation(), standard: "no",
        "whether backends get Forwarded (RFC 7239) besides X-Forwarded-For, -Host and -Proto")

    static let section = Section(
        title: "a gateway",
        fields: [
            .named(
                "routes", RouteKeys.section,
                meaning:
                    "its routes by name; each is an operation of the service, and has time limits, retries, breakers and a "
                    + "balancer of its own on an edge such as front.browse -> shop"),
            .section(
                "fallback", RouteKeys.fallback,
                meaning: "what becomes of requests that no route takes; without it they are answered with 404"),
            .setting(naming), .setting(tracing), .setting(suspicious),
            .section("cors", CORSKeys.section, meaning: "what pages of other origins may do; without it, nothing"),
            .section("limit", SharedLimitKeys.section, meaning: "how often all clients together may ask"),
            .named("api keys", APIKeyKeys.section, meaning: "the API keys that it accepts, by name"),
            .section("tokens", IssuerKeys.section, meaning: "the bearer tokens that it accepts, and who issues them"),
            .section(
                "failed logins", FailureKeys.section, meaning: "how clients are kept away that fail to say who they are"
            ),
            .setting(stored), .setting(security), .setting(compression), .setting(trusts),
            .setting(forwarded),
            .section(
                "order", StageKeys.order,
                meaning: "in which order a request passes the stages, the smallest number first"),
            .section("costs", StageKeys.costs, meaning: "how long each stage takes"),
        ])

    /// The stages that a request passes.
    enum StageKeys {
        static let priorities = Stage.allCases.map { stage in
            Key(
                stage.name, OptionalNotation(CountNotation(range: 0...100_000)), standard: "\(stage.priority)",
                isLive: false, "its place; none: the stage is left out")
        }

        static let delays = Stage.allCases.map { stage in
            Key(
                stage.name, TimeNotation.any, standard: "\(GatewayPlan.usualCosts[Int(stage.rawValue)])",
                "how long it takes for a request on whose route it has something to do")
        }

        static let order = Section(title: "the order of stages", fields: priorities.map { .setting($0) })
        static let costs = Section(title: "the costs of stages", fields: delays.map { .setting($0) })
    }

    /// What pages of other origins may do.
    enum CORSKeys {
        static let origins = Key(
            "origins", OriginsNotation(), "whose pages may read answers: any, or a list such as https://shop.example")
        static let credentials = Key(
            "credentials", FlagNotation(), standard: "no", "whether their requests may come with cookies and the like")
        static let maxAge = Key(
            "max age", TimeNotation.any, standard: "1h", "how long a browser remembers what it may do")

        static let section = Section(
            title: "cors", fields: [.setting(origins), .setting(credentials), .setting(maxAge)])
    }

    /// A limit on how often requests may come.
    enum RouteLimitKeys {
        static let section = Section(
            title: "a limit",
            fields: [.setting(LimiterKeys.algorithm), .setting(LimiterKeys.rate), .setting(LimiterKeys.burst)])
    }

    /// A limit that all replicas of a gateway share.
    enum SharedLimitKeys {
        static let sharedEvery = Key(
            "shared every",
            OptionalNotation(TimeNotation(range: .milliseconds(1)...Duration.minutes(1)), word: "never"),
            standard: "never", isLive: false,
            "how often each replica tells the others what it has let pass; never: each has the whole limit for itself")
        static let heardAfter = Key(
            "heard after", TimeNotation(range: .zero...Duration.minutes(1)), standard: "1ms", isLive: false,
            "how long it takes until they hear of it")

        static let section = Section(
            title: "a limit",
            fields: RouteLimitKeys.section.fields + [.setting(sharedEvery), .setting(heardAfter)])
    }

    /// How clients are kept away that fail.
    enum FailureKeys {
        static let free = Key("free", CountNotation(range: 0...1_000), standard: "5", "how many failures are free")
        static let first = Key(
            "first delay", TimeNotation.positive, standard: "1s",
            "how long the first failure beyond them keeps a client away; each further one twice as long")
        static let longest = Key("longest delay", TimeNotation.positive, standard: "15m", "the longest that one does")

        static let section = Section(
            title: "failed logins", fields: [.setting(free), .setting(first), .setting(longest)])
    }

    /// An API key.
    enum APIKeyKeys {
        static let tenant = Key(
            "tenant", NameNotation(), isLive: false, "for whom its requests are made; its own name if left out")
        static let scopes = Key(
            "scopes", ScopesNotation(), standard: "none", isLive: false,
            "what it allows: names with spaces between them")
        static let expires = Key(
            "expires", OptionalNotation(TimeNotation.any, word: "never"), standard: "never", isLive: false,
            "when in the run it ends")

        static let section = Section(
            title: "an API key", fields: [.setting(tenant), .setting(scopes), .setting(expires)])
    }

    /// Who issues tokens.
    enum IssuerKeys {
        static let issuer = Key(
            "issuer", WordNotation(), standard: "https://id.example", isLive: false, "who issues them")
        static let audience = Key(
            "audience", WordNotation(), isLive: false, "for whom they have to be; the gateway's name if left out")
        static let leeway = Key(
            "leeway", TimeNotation(range: .zero...Duration.minutes(5)), standard: "0s", isLive: false,
            "by how much clocks may differ")
        static let longestLife = Key(
            "longest life", OptionalNotation(TimeNotation.positive), standard: "none", isLive: false,
            "the longest that a token may live")
        static let rotation = Key(
            "new key every", OptionalNotation(TimeNotation(range: .seconds(1)...TimeNotation.longest), word: "never"),
            standard: "never", isLive: false, "how often the issuer has a new key to sign with")
        static let lead = Key(
            "published", TimeNotation.any, standard: "1m", isLive: false,
            "how long a new key is published before it signs")
        static let overlap = Key(
            "honoured", TimeNotation.any, standard: "15m", isLive: false,
            "how long a key is honoured that signs no more; tokens that live longer end with it")
        static let fetch = Key(
            "fetch", DistributionNotation(), standard: "constant 20ms", isLive: false,
            "how long it takes to fetch the keys")
        static let kept = Key(
            "keys kept", TimeNotation.positive, standard: "10m", isLive: false, "how long they are kept")
        static let interval = Key(
            "fetched every", TimeNotation.positive, standard: "30s", isLive: false,
            "how often they are fetched at most, however many unknown keys tokens name")

        static let section = Section(
            title: "tokens",
            fields: [
                .setting(issuer), .setting(audience), .setting(leeway), .setting(longestLife), .setting(rotation),
                .setting(lead), .setting(overlap), .setting(fetch), .setting(kept), .setting(interval),
            ])
    }
}
