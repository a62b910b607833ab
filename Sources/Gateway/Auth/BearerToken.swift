public import Timeline

/// A bearer token as its claims (RFC 7519, section 4.1), and who has signed it.
public struct BearerToken: Hashable, Sendable {
    /// Who says that he has issued it (`iss`).
    public var issuer: String
    /// For whom it is (`aud`).
    public var audiences: [String]
    /// Of whom it speaks (`sub`).
    public var subject: String
    /// The tenant that the subject belongs to; nil for none.
    public var tenant: String?
    /// What it allows (`scope`, RFC 8693, section 4.2).
    public var scopes: Scopes
    /// From when on it is not to be accepted (`exp`).
    public var expiresAt: Instant?
    /// Before when it is not to be accepted (`nbf`).
    public var notBefore: Instant?
    /// When it was issued (`iat`).
    public var issuedAt: Instant?
    /// Its id (`jti`).
    public var id: String?
    /// The key that it says it is signed with (`kid`).
    public var keyID: String?
    /// How it says it is signed (`alg`).
    public var algorithm: SigningAlgorithm
    /// The id of the key that has really signed it; nil for none. It stands for the signature.
    public var signedBy: String?

    /// A token with these claims, signed with the key that it names unless said otherwise.
    public init(
        issuer: String, audiences: [String], subject: String, tenant: String? = nil, scopes: Scopes = .none,
        expiresAt: Instant?, notBefore: Instant? = nil, issuedAt: Instant? = nil, id: String? = nil, keyID: String?,
        algorithm: SigningAlgorithm = .es256
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.subject = subject
        self.tenant = tenant
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.notBefore = notBefore
        self.issuedAt = issuedAt
        self.id = id
        self.keyID = keyID
        self.algorithm = algorithm
        signedBy = keyID
    }
}
