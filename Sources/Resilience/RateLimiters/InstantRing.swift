internal import Timeline

/// A queue of moments in a ring that doubles as it fills.
struct InstantRing: Hashable, Sendable {
    private(set) var count = 0
    private var moments: [Int64] = []
    private var head = 0

    /// The moment at a place counted from the oldest.
    subscript(_ place: Int) -> Instant { Instant(nanoseconds: moments[index(place)]) }

    var last: Instant? { count > 0 ? self[count - 1] : nil }

    mutating func append(_ moment: Instant) {
        if count == moments.count { grow() }
        moments[index(count)] = moment.nanoseconds
        count += 1
    }

    mutating func prepend(_ moment: Instant) {
        if count == moments.count { grow() }
        head = (head == 0 ? moments.count : head) - 1
        moments[head] = moment.nanoseconds
        count += 1
    }

    mutating func removeFirst(_ number: Int) {
        guard number > 0 else { return }
        head = index(number)
        count -= number
    }

    mutating func removeLast(_ number: Int) { count -= number }

    /// How many moments, oldest first, lie so long back by then; they are in order.
    func count(before moment: Instant, by age: Duration = .zero) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] + age <= moment { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func index(_ place: Int) -> Int {
        let index = head + place
        return index < moments.count ? index : index - moments.count
    }

    private mutating func grow() {
        var larger: [Int64] = []
        larger.reserveCapacity(max(4, moments.count * 2))
        for place in 0..<count { larger.append(moments[index(place)]) }
        larger.append(contentsOf: repeatElement(0, count: max(4, moments.count)))
        moments = larger
        head = 0
    }

    // Where the ring begins and what is in its empty places makes no difference.

    static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && (0..<left.count).allSatisfy { left[$0] == right[$0] }
    }

    func hash(into hasher: inout Hasher) {
        for place in 0..<count { hasher.combine(self[place]) }
    }
}
