import Timeline

/// What a cache finds its entries by.
///
/// The fingerprint takes the place of `hashValue`, which differs from process to process: with it, two runs of a
/// program do the same to the bit, sketches of frequencies included. It is no protection against somebody who picks
/// keys so that they collide; where keys come from strangers, mix a secret into it.
public protocol CacheKey: Hashable, Sendable {
    /// A number that equal keys share, in every process, and that different keys rarely do.
    var fingerprint: UInt64 { get }
}

extension UInt64: CacheKey {
    /// The number itself.
    @inlinable
    public var fingerprint: UInt64 { self }
}

extension UInt32: CacheKey {
    /// The number itself.
    @inlinable
    public var fingerprint: UInt64 { UInt64(self) }
}

extension Int: CacheKey {
    /// The bits of the number.
    @inlinable
    public var fingerprint: UInt64 { UInt64(bitPattern: Int64(self)) }
}

extension String: CacheKey {
    /// A digest of the text's bytes.
    ///
    /// Texts that Swift holds to be equal may have other bytes, such as é as one scalar and as two; to a cache these are
    /// different keys, as they are to files, databases and nodes on a network. Whoever takes keys from people and means
    /// them to be the same brings them to one form before.
    public var fingerprint: UInt64 {
        var digest = Digest()
        digest.mix(text: self)
        return digest.value
    }
}
