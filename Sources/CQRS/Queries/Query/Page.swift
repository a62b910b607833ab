/// Which page of an answer is wanted.
public struct PageRequest: Hashable, Sendable {
    /// How many items at most.
    public let size: Int
    /// Where the page begins: what the page before gave; nil for the first page.
    public let token: String?

    /// A page of some size; a query bus refuses sizes out of its type's range.
    public init(size: Int, token: String? = nil) {
        self.size = size
        self.token = token
    }
}

/// Where a page begins, for whoever reads it.
public struct PageStart: Hashable, Sendable {
    /// How many items at most.
    public let size: Int
    /// The key of the last item of the page before: the page begins behind it, whatever has come or gone before it. Nil
    /// for the first page.
    public let after: [UInt8]?
    /// How many items were on the pages before.
    public let itemsBefore: Int
}

/// What a handler says of the page that it has read.
public struct PageEnd: Hashable, Sendable {
    /// How many items are on it.
    public let items: Int
    /// How many there are on all pages; nil if the handler does not know.
    public let total: PageTotal?
    /// The key of the page's last item if more items follow; nil if none does.
    public let next: [UInt8]?

    /// The end of a page.
    public init(items: Int, total: PageTotal? = nil, next: [UInt8]? = nil) {
        self.items = max(0, items)
        self.total = total
        self.next = next
    }

    /// The total that is certainly true: never less than what is known to be there.
    ///
    /// Whoever counts a page and calls that the total, while more follows, is corrected. Without a count, the items up
    /// to the end of this page are known, and one more if more follow.
    func honestTotal(itemsBefore: Int) -> PageTotal {
        let (seen, overflow) = itemsBefore.addingReportingOverflow(items)
        let known = overflow ? .max : next == nil || seen == .max ? seen : seen + 1
        switch total {
        case nil: return next == nil ? .exactly(known) : .atLeast(known)
        case .exactly(let count) where count >= known: return .exactly(count)
        case .atLeast(let count): return .atLeast(max(count, known))
        case .exactly: return .atLeast(known)
        }
    }
}

/// How many items there are on all pages.
public enum PageTotal: Hashable, Sendable {
    /// So many.
    case exactly(Int)
    /// So many or more: nobody has counted further.
    case atLeast(Int)

    /// What a count says that ended at a limit.
    public static func counted(_ count: Int, upTo limit: Int) -> PageTotal {
        count < limit ? .exactly(count) : .atLeast(limit)
    }
}
