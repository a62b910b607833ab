/// Some of the policies of a choreography, by number.
public struct PolicySet: Hashable, Sendable {
    var bits: UInt32 = 0

    /// These policies; numbers that no policy has are left out.
    public init(_ policies: some Sequence<Int> = EmptyCollection<Int>()) {
        for policy in policies where (0..<Choreography.maximumPolicies).contains(policy) {
            bits |= 1 << UInt32(policy)
        }
    }

    /// Whether the policy is one of them.
    public func contains(_ policy: Int) -> Bool {
        (0..<Choreography.maximumPolicies).contains(policy) && bits & 1 << UInt32(policy) != 0
    }

    /// How many they are.
    public var count: Int { bits.nonzeroBitCount }

    /// Whether there are none.
    public var isEmpty: Bool { bits == 0 }

    /// Their numbers, the lowest first.
    public var policies: [Int] { (0..<Choreography.maximumPolicies).filter(contains) }

    /// The one with the lowest number; nil if there are none.
    public var first: Int? { bits == 0 ? nil : bits.trailingZeroBitCount }

    /// Takes out the one with the lowest number.
    mutating func popFirst() -> Int? {
        guard let first else { return nil }
        bits &= bits - 1
        return first
    }

    mutating func formUnion(_ others: PolicySet) { bits |= others.bits }
}

extension PolicySet {
    /// Those members whose place among all members has its bit set; a set of up to 16.
    func members(at places: UInt16) -> PolicySet {
        var (chosen, rest, places) = (PolicySet(), self, places)
        while places != 0, let policy = rest.popFirst() {
            if places & 1 != 0 { chosen.bits |= 1 << UInt32(policy) }
            places >>= 1
        }
        return chosen
    }

    /// The bit of a member's place among all members; none if it is no member.
    func place(of policy: Int) -> UInt16 {
        guard contains(policy) else { return 0 }
        let before = bits & (1 << UInt32(policy) - 1)
        return 1 << UInt16(before.nonzeroBitCount)
    }

    /// The bits of the places of all members, or of those that are in another set too.
    func places(in others: PolicySet = PolicySet(0..<Choreography.maximumPolicies)) -> UInt16 {
        var (places, rest) = (UInt16(0), self)
        while let policy = rest.popFirst() {
            if others.contains(policy) { places |= place(of: policy) }
        }
        return places
    }
}
