import Gateway
import Timeline

/// Who issues the tokens that a gateway accepts: its keys come and go, and each token is signed with the one of its time.
struct Issuer: Sendable {
    let plan: IssuerPlan
    /// The keys that are honoured, and those to come.
    private(set) var keys = KeySet()
    /// All that have ever signed, with the moment from which on each did.
    private var signers: [(from: Instant, id: String)] = []
    private var made = 0
    /// Whether the key that signs now is honoured no more, though nobody has noticed.
    private(set) var isBroken = false

    init(_ plan: IssuerPlan) {
        self.plan = plan
        rotate(at: .zero, lead: .zero)
    }

    /// The keys that whoever asks for them gets.
    func published(at now: Instant) -> KeySet { keys.published(at: now) }

    /// There is a new key.
    mutating func rotate(at now: Instant, lead: Duration) {
        made += 1
        let id = "key-\(made)"
        // There are too many only if keys outlive each other by far; the present ones then stay.
        guard (try? keys.rotate(to: id, at: now, lead: lead, overlap: plan.overlap)) != nil else { return }
        signers.append((now + lead, id))
        isBroken = false
    }

    /// The key that signs now is honoured no more, while the issuer goes on signing with it.
    mutating func expireSigner(at now: Instant) {
        keys.revoke(signer(at: now), at: now)
        isBroken = true
    }

    /// There is a new key, and everybody has tokens that it has signed.
    mutating func replaceSigner(at now: Instant) {
        rotate(at: now, lead: .zero)
        signers = [(.zero, signer(at: now))]
    }

    /// The key that signed at a moment.
    private func signer(at moment: Instant) -> String {
        signers.last { $0.from <= moment }?.id ?? signers[0].id
    }

    /// The token that somebody has who renews it when half its life is over.
    func token(_ wanted: TokenPlan, subject: String, tenant: String?, at now: Instant) -> BearerToken {
        let term = max(1, wanted.life.nanoseconds / 2)
        let issuedAt = Instant(nanoseconds: now.nanoseconds / term * term)
        var token = BearerToken(
            issuer: wanted.issuer ?? plan.rules.issuer, audiences: [wanted.audience ?? plan.rules.audiences[0]],
            subject: subject, tenant: tenant, scopes: wanted.scopes, expiresAt: issuedAt + wanted.life,
            notBefore: issuedAt, issuedAt: issuedAt, keyID: signer(at: issuedAt), algorithm: wanted.algorithm)
        if wanted.algorithm == .none { token.signedBy = nil }
        if wanted.isForged { token.signedBy = "somebody's" }
        return token
    }

    func mix(into digest: inout Digest) {
        digest.mix(UInt64(made), isBroken ? 1 : 0)
    }
}
