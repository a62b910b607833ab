/// Up to so many numbers of zero or more in order, the smallest first, in an array that is never resized.
struct AscendingSamples: Hashable, Sendable {
    private(set) var count = 0
    /// What lies beyond ``count`` means nothing.
    private var numbers: [Int64]

    init(capacity: Int) {
        numbers = Array(repeating: 0, count: capacity)
    }

    subscript(place: Int) -> Int64 { numbers[place] }

    mutating func removeAll() {
        count = 0
    }

    /// Adds a number; there must be room.
    mutating func insert(_ new: Int64) {
        let filled = count
        numbers.withUnsafeMutableBufferPointer { numbers in
            let place = Self.rank(of: new, in: numbers, filled)
            Self.move(from: place, to: place + 1, count: filled - place, in: numbers)
            numbers[place] = new
        }
        count += 1
    }

    /// Takes out a number, which must be one of them.
    mutating func remove(_ old: Int64) {
        let filled = count
        numbers.withUnsafeMutableBufferPointer { numbers in
            let place = Self.rank(of: old, in: numbers, filled)
            Self.move(from: place + 1, to: place, count: filled - place - 1, in: numbers)
        }
        count -= 1
    }

    /// Takes out one number and adds another, moving only what lies between the two.
    mutating func replace(_ old: Int64, with new: Int64) {
        let filled = count
        numbers.withUnsafeMutableBufferPointer { numbers in
            let from = Self.rank(of: old, in: numbers, filled)
            let to = Self.rank(of: new, in: numbers, filled)
            if to > from {
                Self.move(from: from + 1, to: from, count: to - from - 1, in: numbers)
                numbers[to - 1] = new
            } else {
                Self.move(from: to, to: to + 1, count: from - to, in: numbers)
                numbers[to] = new
            }
        }
    }

    /// How many of the first `count` numbers are smaller.
    @inline(__always)
    private static func rank(of number: Int64, in numbers: UnsafeMutableBufferPointer<Int64>, _ count: Int) -> Int {
        var (low, rest) = (0, count)
        while rest > 1 {
            let half = rest >> 1
            low &+= half & allBits(ifLess: numbers[low &+ half &- 1], than: number)
            rest &-= half
        }
        return low &- (rest == 1 ? allBits(ifLess: numbers[low], than: number) : 0)
    }

    /// -1 or 0 without a branch, which no processor could predict; for numbers of zero or more.
    @inline(__always)
    private static func allBits(ifLess left: Int64, than right: Int64) -> Int {
        Int(truncatingIfNeeded: (left &- right) >> 63)
    }

    @inline(__always)
    private static func move(
        from source: Int, to target: Int, count: Int, in numbers: UnsafeMutableBufferPointer<Int64>
    ) {
        guard count > 0, let base = numbers.baseAddress else { return }
        (base + target).update(from: base + source, count: count)
    }
}
