public import Timeline

/// What is invalidated. Tags are named by the same type as keys.
public enum InvalidationSubject<Key: CacheKey>: Hashable, Sendable {
    /// One key.
    case key(Key)
    /// Every key with this tag.
    case tag(Key)
    /// Every key.
    case all
}

extension InvalidationSubject: CacheKey {
    /// That of the key; a tag's and the one of everything are scrambled, so that they differ from it.
    public var fingerprint: UInt64 {
        switch self {
        case .key(let key): key.fingerprint
        case .tag(let tag): tag.fingerprint.byteSwapped ^ 0x6a09_e667_f3bc_c908
        case .all: 0xbb67_ae85_84ca_a73b
        }
    }
}

/// What one node tells another when something was overwritten: what, and by which version, but never the value.
///
/// Who hears of it loads the value again if somebody asks for it; a value that came along would be old itself where
/// messages overtake each other.
public struct InvalidationMessage<Key: CacheKey>: Hashable, Sendable {
    /// What is invalidated.
    public var subject: InvalidationSubject<Key>
    /// The version that did it, see ``KeyVersions``: values that include it stay. An invalidation without a write takes
    /// a number of the sequence too.
    public var version: UInt64
    /// What happens to copies.
    public var strategy: InvalidationStrategy
    /// The node that says so; the receiver itself if it finds that it has missed too much.
    public var sender: Int
    /// Its place among the sender's messages to this receiver, from 1; 0 if it has none.
    public var sequence: UInt64

    /// A message.
    public init(
        _ subject: InvalidationSubject<Key>, version: UInt64, _ strategy: InvalidationStrategy, sender: Int,
        sequence: UInt64
    ) {
        self.subject = subject
        self.version = version
        self.strategy = strategy
        self.sender = sender
        self.sequence = sequence
    }

    /// What a node tells itself when it has missed too much.
    static func toDropAll(_ node: Int, version: UInt64) -> Self {
        Self(.all, version: version, .immediate, sender: node, sequence: 0)
    }

    /// The message that does what both do: a later one about the same subject takes the place of a former one.
    func merged(with later: Self) -> Self {
        var merged = later
        merged.version = max(version, later.version)
        // A shortened life after a drop that was never heard of must not let live what should be gone.
        merged.strategy = strategy.stronger(of: later.strategy)
        return merged
    }
}

/// A message on its way.
public struct InvalidationDelivery<Key: CacheKey>: Hashable, Sendable {
    /// What is told.
    public var message: InvalidationMessage<Key>
    /// To which node.
    public var receiver: Int
    /// When it reaches that node.
    public var at: Instant
}
