/// Names keys with the version of the namespace that they belong to, such as `user:7@v3`.
///
/// A new version orphans all keys of the former ones at once: nobody asks for them any more, and they leave their caches
/// for want of use. (Memcached's namespaces, and Rails' cache versions, work so.)
public struct NamespaceVersion: Hashable, Sendable {
    /// What all keys begin with.
    public let name: String
    /// The version that new keys have; it only grows.
    public private(set) var version: UInt64

    /// A namespace in a version, by default the first.
    public init(_ name: String, version: UInt64 = 1) {
        self.name = name
        self.version = version
    }

    /// The text of a key in the current version.
    public func key(_ key: some CustomStringConvertible) -> String {
        "\(name):\(key)@v\(version)"
    }

    /// Orphans all keys that were named so far.
    public mutating func bump() {
        if version < .max { version += 1 }
    }

    /// Hears of a version from somewhere else; an older one than is known changes nothing.
    public mutating func receive(_ heard: UInt64) {
        version = max(version, heard)
    }
}
