import Gateway
import Simulation
import Timeline

/// The keys of a route of a gateway.
enum RouteKeys {
    static let methods = Key(
        "method", MethodsNotation(), standard: "any", isLive: false, "the methods that it takes: GET, or GET POST")
    static let path = Key(
        "path", PathNotation(), isLive: false, "the paths that it takes: {name} stands for one segment, * for the rest")
    static let call = Key("call", OperationNotation(), isLive: false, "the operation of a backend that it calls")
    static let start = Key(
        "start", NameNotation(pattern: "the name of a saga or choreography"), isLive: false,
        "the saga, or the flow of a choreography, that its requests start")
    static let answer = Key(
        "answer", ChoiceNotation(choices: [("when done", true), ("at once", false)]), standard: "when done",
        isLive: false, "whether a request that starts something is answered when that is over, or at once with 202")
    static let auth = Key(
        "auth", AuthNotation(), standard: "open",
        "what it wants to know of who asks: open is nothing, optional what is presented has to be right, required "
            + "something right, or the scopes that are needed")
    static let cache = Key(
        "cache", OptionalNotation(TimeNotation.positive), standard: "none",
        "how long a stored response answers that does not say itself how long it may")
    static let cachePer = Key(
        "cache per", ChoiceNotation(choices: [("everybody", false), ("identity", true)]), standard: "everybody",
        "whether all share stored responses, or each identity has its own")
    static let mostBytes = Key(
        "largest body", BytesNotation(range: 0...(1 << 40)),
        "how many bytes a body has at most; 1 MiB if left out where body says what its fields are, and any otherwise")
    static let status = Key(
        "status", CountNotation(range: 200...299), isLive: false,
        "what a request is answered with that went well; 200 if left out, 201 if it starts something, 202 at once")
    static let size = Key(
        "size", BytesNotation(range: 0...(1 << 40)), standard: "2kB", "how long the body of an answer is")

    private static let common: [Field] = [
        .setting(call),
        .special(
            "calls", pattern: "[call catalog.read, ...]",
            meaning: "instead of one: operations that it calls one after another"),
        .setting(start), .setting(answer), .setting(auth),
        .section("limit", GatewayKeys.RouteLimitKeys.section, meaning: "how often all its clients together may ask"),
        .section("tenant limit", GatewayKeys.RouteLimitKeys.section, meaning: "how often each tenant may ask"),
        .setting(cache), .setting(cachePer),
        .special(
            "body", pattern: "{sku: text 1 to 20, quantity: whole 1 to 10, gift: flag, optional}",
            meaning: "the fields that its bodies have; without it nobody looks"),
        .setting(mostBytes),
        .special(
            "request", pattern: "[set header X-Channel web, strip path /api, ...]",
            meaning: "what becomes of its requests, step by step"),
        .special(
            "response", pattern: "[set header Server shop, status 500 to 503, ...]",
            meaning: "what becomes of its responses, step by step"),
        .setting(status), .setting(size),
        .special(
            "backend headers", pattern: "{Authorization: Bearer internal, ...}",
            meaning: "the fields that its backend gets with each request, in place of the client's"),
        .special(
            "headers", pattern: "{Cache-Control: max-age=60, ...}", meaning: "the fields of what its backend answers"),
    ]

    private static let choices = [
        Section.Choice(options: [["call"], ["calls"], ["start", "answer"]], isRequired: false)
    ]

    static let section = Section(
        title: "a route", fields: [.setting(methods), .setting(path)] + common, choices: choices)

    /// What no route takes is not shaped, stored or limited by tenant: it is only let through.
    static let fallback = Section(
        title: "the fallback",
        fields: common.filter { ["call", "calls", "auth", "limit"].contains($0.name) },
        choices: [Section.Choice(options: [["call"], ["calls"]], isRequired: true)])
}

/// The keys of the token that the requests of a load present.
enum TokenKeys {
    static let scopes = Key("scopes", ScopesNotation(), standard: "none", isLive: false, "what it allows")
    static let life = Key(
        "life", TimeNotation(range: .milliseconds(1)...TimeNotation.longest), standard: "15m", isLive: false,
        "how long it lives; it is renewed when half of that is over")
    static let issuer = Key(
        "issuer", WordNotation(), isLive: false, "who is said to have issued it; the gateway's issuer if left out")
    static let audience = Key("audience", WordNotation(), isLive: false, "for whom it is; the gateway if left out")
    static let signature = Key(
        "signature", ChoiceNotation(choices: [("good", Signature.good), ("forged", .forged), ("none", .none)]),
        standard: "good", isLive: false, "whether the issuer has signed it, somebody else, or nobody")

    /// Who has signed a token.
    enum Signature: Sendable {
        case good, forged, none
    }

    static let section = Section(
        title: "a token",
        fields: [.setting(scopes), .setting(life), .setting(issuer), .setting(audience), .setting(signature)])
}
