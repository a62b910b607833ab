/// For whom a request is made, and how that is known.
public struct Identity: Hashable, Sendable {
    /// How it is known.
    public enum Means: Hashable, Sendable {
        /// It is not: nothing was presented.
        case anonymous
        /// By an API key of this name.
        case apiKey(String)
        /// By a token that was signed with this key.
        case bearer(keyID: String)
    }

    /// Who; empty for nobody in particular.
    public var subject: String
    /// To which tenant they belong; nil for none.
    public var tenant: String?
    /// What they may do.
    public var scopes: Scopes
    /// Which rate limit is theirs; nil for the usual one.
    public var rateClass: String?
    /// How it is known.
    public var means: Means

    /// An identity.
    public init(
        subject: String, tenant: String? = nil, scopes: Scopes = .none, rateClass: String? = nil, means: Means
    ) {
        self.subject = subject
        self.tenant = tenant
        self.scopes = scopes
        self.rateClass = rateClass
        self.means = means
    }

    /// Nobody in particular, who may do nothing that needs a scope.
    public static let anonymous = Identity(subject: "", means: .anonymous)
}
