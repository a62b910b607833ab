import Timeline

/// How a backend is told how long an answer is waited for, so that it need not work for nobody.
///
/// What the client sent under the name is replaced, and dropped where nobody waits for a limited time: it would be taken for
/// the gateway's word.
public enum DeadlineField: String, CaseIterable, Hashable, Sendable {
    /// In `x-envoy-expected-rq-timeout-ms`: whole milliseconds, rounded down, 1 at least (Envoy, *Router*, HTTP headers set
    /// on upstream requests).
    case envoy
    /// In `grpc-timeout`: at most eight digits and a unit (gRPC, *gRPC over HTTP2*, `Timeout`); milliseconds, or seconds
    /// where these are too many.
    case grpc

    /// The name of the field.
    public var name: HeaderName {
        switch self {
        case .envoy: Self.envoyName
        case .grpc: Self.grpcName
        }
    }

    private static let envoyName = HeaderName(0, "x-envoy-expected-rq-timeout-ms")
    private static let grpcName = HeaderName(0, "grpc-timeout")
    private static let mostOfGRPC: Int64 = 99_999_999

    /// Says in a request how long is left; ``Timeline/Duration/maximum`` for as long as it takes.
    func set(_ left: Duration, in headers: inout Headers) {
        guard left < .maximum else {
            headers.remove(name)
            return
        }
        headers.replace(name, withChecked: text(left))
    }

    private func text(_ left: Duration) -> String {
        let milliseconds = max(1, left.nanoseconds / 1_000_000)
        guard self == .grpc else { return "\(milliseconds)" }
        if milliseconds <= Self.mostOfGRPC { return "\(milliseconds)m" }
        return "\(min(Self.mostOfGRPC, milliseconds / 1_000))S"
    }
}
