import Gateway
import Timeline

/// What the requests of loads look like when they reach a gateway.
///
/// A frame does not carry a request: what it looks like follows from who sends it, which of the sender's kinds of
/// requests it is, and its key; so it looks the same each time that it is tried.
struct Senders: Sendable {
    private struct Sender: Sendable {
        var plan: SenderPlan
        var shares: [RequestShare]
        var tenant: String?
    }

    private var senders: [Sender] = []
    /// What clients send that know a route, by operation.
    private var forms: [RequestForm?] = []

    init(plan: Plan) {
        for load in plan.loads {
            // The first tenant is for whom no load says.
            senders.append(
                Sender(
                    plan: load.sender, shares: Self.shares(load.target),
                    tenant: load.tenant == 0 ? nil : plan.tenants[load.tenant]))
        }
        forms = plan.operations.indices.map { plan.route(of: $0)?.form }
    }

    private static func shares(_ target: LoadPlan.Target) -> [RequestShare] {
        if case .routes(_, let shares) = target { shares } else { [] }
    }

    /// Takes over changed fields and credentials.
    mutating func change(to plan: Plan) {
        for (index, load) in plan.loads.enumerated() {
            senders[index].plan = load.sender
            senders[index].shares = Self.shares(load.target)
        }
    }

    /// For whom a load's requests are made; nil for nobody in particular.
    func tenant(of load: UInt16) -> String? { senders[Int(load)].tenant }

    /// Whose requests are made by the same client: those of a load with the same key; without keys each is somebody
    /// else's.
    private func client(of frame: Frame) -> UInt64 {
        let number = frame.key == 0 ? frame.request | 1 << 40 : UInt64(frame.key)
        return RandomStream.scramble(UInt64(frame.origin) << 48 ^ number)
    }

    /// The address that a request comes from.
    func address(of frame: Frame) -> IPAddress {
        // Of the addresses that providers share out, 100.64.0.0/10 (RFC 6598).
        IPAddress(v4: 100 << 24 | 64 << 16 | UInt32(truncatingIfNeeded: client(of: frame)) & 0x3f_ffff)
    }

    /// The request that a frame stands for, as its gateway receives it.
    /// - Parameter isSpoofed: whether it says of itself what only a proxy in front of the gateway may say.
    func request(of frame: Frame, isSpoofed: Bool, at now: Instant) throws(RequestError) -> Request {
        let sender = senders[Int(frame.origin)]
        let share = Int(frame.form) - 1
        let own = sender.shares.indices.contains(share) ? sender.shares[share].form : nil
        let form = own ?? forms[Int(frame.operation)] ?? RequestForm(.get, "/")
        var headers = sender.plan.headers
        if !form.body.isNone, !headers.contains(.contentType) {
            try headers.append(.contentType, "application/json")
        }
        if isSpoofed {
            try headers.append(.xForwardedFor, "127.0.0.1")
            try headers.append(.xForwardedHost, "admin.example")
            try headers.append(.xTenantID, "somebody-else")
        }
        return try Request(
            form.method, Target(form.target(key: frame.key)), headers: headers, body: form.body,
            peer: address(of: frame), host: headers[.host] ?? "shop.example", receivedAt: now)
    }

    /// What a request presents to say who it is from.
    func credentials(of frame: Frame) -> CredentialsPlan { senders[Int(frame.origin)].plan.credentials }
}
