/// Up to sixteen items of a message, held in the message itself.
public struct MessageItems<Item: Hashable & Sendable>: Sendable {
    private var slots: [16 of Item]
    /// How many items there are.
    public private(set) var count = 0

    /// How many items there can be.
    public static var limit: Int { 16 }

    /// No items yet.
    /// - Parameter blank: what lies where no item is.
    public init(blank: Item) {
        slots = InlineArray(repeating: blank)
    }

    /// Adds an item; false if there is no room.
    @discardableResult
    public mutating func append(_ item: Item) -> Bool {
        guard count < Self.limit else { return false }
        slots[count] = item
        count += 1
        return true
    }

    /// Replaces an item, if it is there.
    mutating func replace(at index: Int, with item: Item) {
        guard (0..<count).contains(index) else { return }
        slots[index] = item
    }
}

extension MessageItems: RandomAccessCollection {
    /// The first item's index.
    public var startIndex: Int { 0 }
    /// Behind the last item's index.
    public var endIndex: Int { count }

    /// The item of an index, which must be one of theirs.
    public subscript(index: Int) -> Item { slots[index] }
}

extension MessageItems: Hashable {
    /// Whether both hold the same items in the same order.
    public static func == (left: MessageItems, right: MessageItems) -> Bool { left.elementsEqual(right) }

    /// Feeds the items to a hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for item in self { hasher.combine(item) }
    }
}
