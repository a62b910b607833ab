/// Some of the nodes that share a cache's data; nodes are numbered from 0.
///
/// One word of 64 bits, so there can be ``mostNodes`` at most; other numbers are never in it.
public struct NodeSet: Hashable, Sendable {
    /// How many nodes there can be.
    public static let mostNodes = 64

    private var bits: UInt64 = 0

    /// No nodes.
    public init() {}

    /// These nodes.
    public init(_ nodes: some Sequence<Int>) {
        for node in nodes { insert(node) }
    }

    /// Whether a node is in it.
    public func contains(_ node: Int) -> Bool {
        Self.isNode(node) && bits & Self.bit(node) != 0
    }

    /// Adds a node.
    public mutating func insert(_ node: Int) {
        if Self.isNode(node) { bits |= Self.bit(node) }
    }

    /// Takes a node out.
    public mutating func remove(_ node: Int) {
        if Self.isNode(node) { bits &= ~Self.bit(node) }
    }

    /// The nodes of both.
    public func union(_ other: NodeSet) -> NodeSet {
        NodeSet(bits: bits | other.bits)
    }

    /// The nodes that are not in the other.
    public func subtracting(_ other: NodeSet) -> NodeSet {
        NodeSet(bits: bits & ~other.bits)
    }

    /// How many there are.
    public var count: Int { bits.nonzeroBitCount }

    /// Whether there are none.
    public var isEmpty: Bool { bits == 0 }

    private init(bits: UInt64) { self.bits = bits }

    static func isNode(_ number: Int) -> Bool { (0..<mostNodes).contains(number) }

    private static func bit(_ node: Int) -> UInt64 { 1 << UInt64(node) }
}

extension NodeSet: Sequence {
    /// Goes through the nodes by rising numbers.
    public struct Iterator: IteratorProtocol {
        fileprivate var bits: UInt64

        /// The next node; nil after the last.
        public mutating func next() -> Int? {
            guard bits != 0 else { return nil }
            defer { bits &= bits - 1 }
            return bits.trailingZeroBitCount
        }
    }

    /// By rising numbers.
    public func makeIterator() -> Iterator { Iterator(bits: bits) }
}

extension NodeSet: ExpressibleByArrayLiteral {
    /// These nodes.
    public init(arrayLiteral nodes: Int...) { self.init(nodes) }
}
