import Timeline

/// Which members belong to which groups, found from either side: pairs in one array, chained twice.
@usableFromInline
struct Relation<Member: CacheKey, Group: CacheKey>: Sendable {
    @usableFromInline
    struct Pair: Sendable {
        @usableFromInline var member: Slot
        @usableFromInline var group: Slot
        /// The member's next pair; of a free one, the next free one.
        @usableFromInline var nextOfMember = Slot.none
        @usableFromInline var nextOfGroup = Slot.none
        @usableFromInline var previousOfGroup = Slot.none

        @inlinable
        init(member: Slot, group: Slot) {
            self.member = member
            self.group = group
        }
    }

    @usableFromInline let capacity: Int
    @usableFromInline var count = 0
    // Each one's value is its first pair.
    @usableFromInline var members = SlotTable<Member, Slot>()
    @usableFromInline var groups = SlotTable<Group, Slot>()
    @usableFromInline var pairs: [Pair] = []
    @usableFromInline var firstFree = Slot.none

    /// - Parameter capacity: how many pairs there can be; fewer than 0 count as 0.
    @inlinable
    init(capacity: Int) {
        self.capacity = min(max(0, capacity), Int(Int32.max))
    }

    /// The groups of a member, in no order that means anything, but in the same one in every run.
    @inlinable
    func groups(of member: Member) -> [Group] {
        var found: [Group] = []
        var pair = first(of: member, in: members)
        while !pair.isNone {
            found.append(groups.entries[pairs[pair.place].group.place].key)
            pair = pairs[pair.place].nextOfMember
        }
        return found
    }

    /// The members of a group, the latest first.
    @inlinable
    func members(of group: Group) -> Members { Members(relation: self, pair: first(of: group, in: groups)) }

    /// A member's groups are these from now on; repetitions count once.
    /// - Returns: whether there was room for all. If not, the member has none any more.
    @inlinable
    mutating func set(_ member: Member, _ newGroups: [Group]) -> Bool {
        remove(member)
        for group in newGroups where !isNewest(member, of: group) {
            guard count < capacity else {
                remove(member)
                return false
            }
            add(member, group)
        }
        return true
    }

    /// Whether a group was the last to get this member: of one that is being set, whether it has it already.
    @inlinable
    func isNewest(_ member: Member, of group: Group) -> Bool {
        let pair = first(of: group, in: groups)
        return !pair.isNone && members.entries[pairs[pair.place].member.place].key == member
    }

    /// Takes a member out of all its groups.
    @inlinable
    mutating func remove(_ member: Member) {
        let hash = SlotTable<Member, Slot>.hash(member.fingerprint)
        guard let slot = members.find(member, hash: hash) else { return }
        var pair = members.entries[slot.place].value ?? .none
        while !pair.isNone {
            let next = pairs[pair.place].nextOfMember
            leaveGroup(pair)
            pairs[pair.place].nextOfMember = firstFree
            firstFree = pair
            count -= 1
            pair = next
        }
        members.entries[slot.place].value = nil
        members.free(slot)
    }

    @inlinable
    func first<Key>(of key: Key, in table: SlotTable<Key, Slot>) -> Slot {
        guard let slot = table.find(key, hash: SlotTable<Key, Slot>.hash(key.fingerprint)) else { return .none }
        return table.entries[slot.place].value ?? .none
    }

    @inlinable
    func place<Key>(of key: Key, in table: inout SlotTable<Key, Slot>) -> Slot {
        let hash = SlotTable<Key, Slot>.hash(key.fingerprint)
        return table.find(key, hash: hash) ?? table.add(key, hash: hash, mostSlots: capacity)
    }

    @inlinable
    mutating func add(_ member: Member, _ group: Group) {
        var new = Pair(member: place(of: member, in: &members), group: place(of: group, in: &groups))
        new.nextOfMember = members.entries[new.member.place].value ?? .none
        new.nextOfGroup = groups.entries[new.group.place].value ?? .none
        let pair = put(new)
        if !new.nextOfGroup.isNone { pairs[new.nextOfGroup.place].previousOfGroup = pair }
        members.entries[new.member.place].value = pair
        groups.entries[new.group.place].value = pair
        count += 1
    }

    @inlinable
    mutating func put(_ pair: Pair) -> Slot {
        let slot = firstFree
        guard !slot.isNone else {
            pairs.append(pair)
            return Slot(pairs.count - 1)
        }
        firstFree = pairs[slot.place].nextOfMember
        pairs[slot.place] = pair
        return slot
    }

    @inlinable
    mutating func leaveGroup(_ slot: Slot) {
        let pair = pairs[slot.place]
        if !pair.nextOfGroup.isNone { pairs[pair.nextOfGroup.place].previousOfGroup = pair.previousOfGroup }
        if !pair.previousOfGroup.isNone {
            pairs[pair.previousOfGroup.place].nextOfGroup = pair.nextOfGroup
        } else if !pair.nextOfGroup.isNone {
            groups.entries[pair.group.place].value = pair.nextOfGroup
        } else {
            groups.entries[pair.group.place].value = nil
            groups.free(pair.group)
        }
    }

    /// The members of one group.
    @usableFromInline
    struct Members: Sequence, IteratorProtocol {
        @usableFromInline let relation: Relation
        @usableFromInline var pair: Slot

        @inlinable
        init(relation: Relation, pair: Slot) {
            self.relation = relation
            self.pair = pair
        }

        @inlinable
        mutating func next() -> Member? {
            guard !pair.isNone else { return nil }
            let found = relation.pairs[pair.place]
            pair = found.nextOfGroup
            return relation.members.entries[found.member.place].key
        }
    }
}
