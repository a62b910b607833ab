/// Looks for many patterns in bytes at once (Aho and Corasick, *Efficient string matching*, CACM 1975), with one step of
/// two look-ups per byte: the bytes that occur in no pattern share a column.
struct PatternAutomaton: Hashable, Sendable {
    /// The column of each byte; zero for those in no pattern.
    private var columns = [UInt8](repeating: 0, count: 256)
    private var width = 1
    /// For each state and column the next state, times the width; with the highest bit for states in which patterns end.
    private var next: [UInt32] = []
    /// For each state the sets of patterns that end there.
    private var ending: [UInt64] = []

    static let start: UInt32 = 0

    /// An automaton for at most 64 patterns, none of them empty.
    init(_ patterns: [[UInt8]]) {
        for byte in patterns.joined() where columns[Int(byte)] == 0 && width < 256 {
            columns[Int(byte)] = UInt8(width)
            width += 1
        }
        addState()
        for (index, pattern) in patterns.enumerated() { add(pattern, index) }
        linkFailures()
        for place in next.indices where ending[Int(next[place]) / width] != 0 { next[place] |= Self.ends }
    }

    /// One step; says which patterns end with this byte.
    @inline(__always)
    func step(_ state: inout UInt32, _ byte: UInt8) -> UInt64 {
        state = next[Int(state) + Int(columns[Int(byte)])]
        guard state & Self.ends != 0 else { return 0 }
        state &= ~Self.ends
        return ending[Int(state) / width]
    }

    private static var ends: UInt32 { 1 << 31 }

    private mutating func addState() {
        next.append(contentsOf: repeatElement(0, count: width))
        ending.append(0)
    }

    private mutating func add(_ pattern: [UInt8], _ index: Int) {
        var state = 0
        for byte in pattern {
            let place = state + Int(columns[Int(byte)])
            if next[place] == 0 {
                let fresh = next.count
                addState()
                next[place] = UInt32(fresh)
            }
            state = Int(next[place])
        }
        ending[state / width] |= 1 << UInt64(index & 63)
    }

    /// Breadth first: where a state has no way on, the longest of its ends that is a state too goes on for it.
    private mutating func linkFailures() {
        var failure = [UInt32](repeating: 0, count: ending.count)
        var queue: [Int] = [0]
        var head = 0
        while head < queue.count {
            let state = queue[head]
            head += 1
            let fallback = Int(failure[state / width])
            for column in 0..<width {
                let child = Int(next[state + column])
                let other = state == 0 ? 0 : next[fallback + column]
                guard child != 0 else {
                    next[state + column] = other
                    continue
                }
                failure[child / width] = other
                ending[child / width] |= ending[Int(other) / width]
                queue.append(child)
            }
        }
    }
}
