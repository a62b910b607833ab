import Timeline

/// What a chapter remembers of the calls under way; each is found by a token that fits into a frame. 0 is none.
struct Memories<Value: Sendable>: Sendable {
    private struct Slot: Sendable {
        var value: Value
        var nextFree = UInt32.max
    }

    private var slots: [Slot] = []
    private var firstFree = UInt32.max
    /// How many there are.
    private(set) var count = 0

    /// Remembers something.
    mutating func keep(_ value: Value) -> UInt32 {
        count += 1
        guard firstFree != .max else {
            slots.append(Slot(value: value))
            return UInt32(slots.count)
        }
        let token = firstFree + 1
        firstFree = slots[Int(token) - 1].nextFree
        slots[Int(token) - 1] = Slot(value: value)
        return token
    }

    /// All tokens that have been given out, those too that are free.
    var tokens: Range<UInt32> { 1..<UInt32(slots.count + 1) }

    /// What is remembered under a token, or was last.
    subscript(token: UInt32) -> Value {
        get { slots[Int(token) - 1].value }
        _modify { yield &slots[Int(token) - 1].value }
    }

    /// Forgets something, and says what it was; nil without a token.
    mutating func take(_ token: UInt32) -> Value? {
        guard token > 0 else { return nil }
        count -= 1
        slots[Int(token) - 1].nextFree = firstFree
        firstFree = token - 1
        return slots[Int(token) - 1].value
    }
}
