public import Timeline

/// The writes of one key: the earliest first, those in flight at the head.
@usableFromInline
struct WriteLine: Sendable {
    @usableFromInline var first = Slot.none
    @usableFromInline var last = Slot.none
    @usableFromInline var count = 0
    /// How many, from the first, are in flight.
    @usableFromInline var taken = 0
    /// The first that is not in flight.
    @usableFromInline var firstWaiting = Slot.none

    @inlinable
    init() {}

    @inlinable
    var isInFlight: Bool { taken > 0 }

    @inlinable
    var waiting: Int { count - taken }
}

/// The writes of a queue: for each key a line of them, the earliest first; those in flight stand at its head.
@usableFromInline
struct WriteLines<Key: CacheKey, Value: Sendable>: Sendable {
    @usableFromInline typealias Write = WriteBehindQueue<Key, Value>.Write

    @usableFromInline
    struct Node: Sendable {
        @usableFromInline var write: Write
        @usableFromInline var due: WriteDue
        /// The line in which it stands.
        @usableFromInline var line: Slot
        /// The next one in line; of a free node the next free one.
        @usableFromInline var next = Slot.none
        @usableFromInline var nextInBatch = Slot.none
        /// Why the store did not take it, while its batch is settled.
        @usableFromInline var failure: WriteFailure?

        @inlinable
        init(write: Write, due: WriteDue, line: Slot) {
            self.write = write
            self.due = due
            self.line = line
        }
    }

    @usableFromInline var nodes: [Node] = []
    @usableFromInline var lines = SlotTable<Key, WriteLine>()
    @usableFromInline var firstFree = Slot.none
    @usableFromInline var ages = DueSlots()
    @usableFromInline var count = 0

    @inlinable
    init() {}

    @inlinable
    subscript(slot: Slot) -> Node {
        get { nodes[slot.place] }
        _modify { yield &nodes[slot.place] }
    }

    @inlinable
    subscript(line slot: Slot) -> WriteLine {
        get { lines.entries[slot.place].value ?? WriteLine() }
        set { lines.entries[slot.place].value = newValue }
    }

    /// The line of a key; nil if none of its writes is here.
    @inlinable
    func line(of key: Key) -> Slot? { lines.find(key, hash: Self.hash(key)) }

    /// The last write of a key.
    @inlinable
    func last(of key: Key) -> Slot? { line(of: key).map { self[line: $0].last } }

    /// The last write of a key, if it is not in flight.
    @inlinable
    func lastWaiting(of key: Key) -> Slot? {
        guard let line = line(of: key), self[line: line].waiting > 0 else { return nil }
        return self[line: line].last
    }

    /// When the first write that is not in flight is due, of a line that has one.
    @inlinable
    func firstDue(of line: Slot) -> WriteDue { self[self[line: line].firstWaiting].due }

    @inlinable
    var oldest: Instant? { ages.first?.priority.at }

    /// All writes, in order of sequence.
    @inlinable
    var writes: [Write] {
        ages.inOrder.map { self[$0].write }.sorted { $0.sequence < $1.sequence }
    }

    @inlinable
    static func hash(_ key: Key) -> UInt32 { SlotTable<Key, WriteLine>.hash(key.fingerprint) }
}

extension WriteLines {
    /// Puts a write at the end of its key's line; returns the line.
    @inlinable
    mutating func append(_ write: Write, due: WriteDue) -> Slot {
        let line = line(of: write.key) ?? lines.add(write.key, hash: Self.hash(write.key), mostSlots: .max)
        let slot = add(Node(write: write, due: due, line: line))
        var changed = self[line: line]
        if changed.last.isNone { changed.first = slot } else { nodes[changed.last.place].next = slot }
        if changed.firstWaiting.isNone { changed.firstWaiting = slot }
        changed.last = slot
        changed.count += 1
        self[line: line] = changed
        ages.set(slot, to: WriteDue(at: write.since, order: write.sequence))
        count += 1
        return line
    }

    /// The first waiting write of a line that has one goes in flight.
    @inlinable
    mutating func take(from line: Slot) -> Slot {
        var changed = self[line: line]
        let slot = changed.firstWaiting
        changed.firstWaiting = nodes[slot.place].next
        changed.taken += 1
        self[line: line] = changed
        return slot
    }

    /// What is still in flight waits again, and is due at once.
    @inlinable
    mutating func giveBack(_ line: Slot, at now: Instant) {
        var changed = self[line: line]
        var slot = changed.first
        for _ in 0..<changed.taken {
            nodes[slot.place].due.at = min(nodes[slot.place].due.at, now)
            slot = nodes[slot.place].next
        }
        changed.taken = 0
        changed.firstWaiting = changed.first
        self[line: line] = changed
    }

    /// Takes the first write out of a line that has one. A line that is empty then has to be closed.
    @inlinable
    mutating func removeFirst(of line: Slot) -> Write {
        var changed = self[line: line]
        let slot = changed.first
        let write = nodes[slot.place].write
        changed.first = nodes[slot.place].next
        if changed.firstWaiting == slot { changed.firstWaiting = changed.first }
        changed.count -= 1
        changed.taken = max(0, changed.taken - 1)
        self[line: line] = changed
        free(slot)
        return write
    }

    /// Frees a line that is empty.
    @inlinable
    mutating func close(_ line: Slot) {
        lines.entries[line.place].value = nil
        lines.free(line)
    }

    @inlinable
    mutating func add(_ node: Node) -> Slot {
        guard !firstFree.isNone else {
            nodes.append(node)
            return Slot(nodes.count - 1)
        }
        let slot = firstFree
        firstFree = nodes[slot.place].next
        nodes[slot.place] = node
        return slot
    }

    @inlinable
    mutating func free(_ slot: Slot) {
        // A free node must not keep a value alive.
        nodes[slot.place].write.operation = .delete
        nodes[slot.place].next = firstFree
        firstFree = slot
        ages.remove(slot)
        count -= 1
    }
}
