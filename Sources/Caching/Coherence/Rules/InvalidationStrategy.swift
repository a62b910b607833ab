public import Timeline

/// What happens to the copies of a value that has been overwritten.
public enum InvalidationStrategy: Hashable, Sendable {
    /// They are dropped as soon as it is heard of.
    case immediate
    /// They stay, and are dropped or validated again when they are read next.
    case lazy
    /// They are read on, but live no longer than this from now; 0 or more.
    case ttl(Duration)

    /// Whether this strategy serves less of what is stale than another.
    public func isStronger(than other: InvalidationStrategy) -> Bool {
        switch (self, other) {
        case (.immediate, .immediate), (.lazy, .immediate), (.lazy, .lazy), (.ttl, .immediate), (.ttl, .lazy): false
        case (.immediate, _), (.lazy, .ttl): true
        case (.ttl(let mine), .ttl(let others)): mine < others
        }
    }

    func stronger(of other: InvalidationStrategy) -> InvalidationStrategy {
        other.isStronger(than: self) ? other : self
    }
}

/// Who is told that a value has been overwritten; each case includes all nodes of those before it.
public enum Propagation: Int, Hashable, Sendable, Comparable, CaseIterable {
    /// Nobody: a bus that is switched off.
    case none
    /// The other nodes of the writer's group, such as its zone.
    case group
    /// All nodes but the writer, which knows.
    case others
    /// All nodes, and the writer too: its own copy is as stale as theirs if it wrote past its cache.
    case all

    /// Whether the left one tells fewer nodes.
    public static func < (left: Propagation, right: Propagation) -> Bool {
        left.rawValue < right.rawValue
    }
}
