/// A set of failure kinds, two bytes.
public struct FailureKinds: OptionSet, Hashable, Sendable {
    /// One bit a kind, by the kind's raw value.
    public let rawValue: UInt16

    /// The set of these bits.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The set of one kind.
    public init(_ kind: FailureKind) {
        self.init(rawValue: 1 << UInt16(kind.rawValue))
    }

    /// Whether the kind is in the set.
    public func includes(_ kind: FailureKind) -> Bool {
        contains(Self(kind))
    }

    /// ``FailureKind/timeout``.
    public static let timeout = Self(.timeout)
    /// ``FailureKind/rateLimit``.
    public static let rateLimit = Self(.rateLimit)
    /// ``FailureKind/server``.
    public static let server = Self(.server)
    /// ``FailureKind/client``.
    public static let client = Self(.client)
    /// ``FailureKind/network``.
    public static let network = Self(.network)
    /// ``FailureKind/circuitOpen``.
    public static let circuitOpen = Self(.circuitOpen)
    /// ``FailureKind/rejected``.
    public static let rejected = Self(.rejected)
    /// ``FailureKind/cancelled``.
    public static let cancelled = Self(.cancelled)
    /// ``FailureKind/expired``.
    public static let expired = Self(.expired)

    /// What may go better a moment later, and speaks against the callee: timeouts, rate limits, server and
    /// network failures.
    public static let transient: Self = [.timeout, .rateLimit, .server, .network]
    /// What the caller's own guards refused; the callee was not asked.
    public static let rejections: Self = [.circuitOpen, .rejected]
    /// What another try or another callee cannot help: the caller asked for the wrong thing, or no longer waits.
    public static let final: Self = [.client, .cancelled, .expired]
    /// Every kind.
    public static let all: Self = [.transient, .rejections, .final]
}
