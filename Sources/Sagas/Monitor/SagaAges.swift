public import Timeline

/// How old sagas are that are under way, and for how long they have got no step further.
///
/// Only moments are kept, and they are not sorted: 100 000 of them cost a millisecond or two.
public struct SagaAges: Hashable, Sendable {
    /// When each was started.
    private var starts: [Instant] = []
    private var earliestProgress = Instant.distantFuture

    /// Of no saga yet.
    public init() {}

    /// How many there are.
    public var count: Int { starts.count }

    /// Takes in a saga that is under way.
    /// - Parameters:
    ///   - start: when it was started.
    ///   - progress: when it got a step further for the last time.
    public mutating func take(startedAt start: Instant, progressedAt progress: Instant) {
        starts.append(start)
        earliestProgress = min(earliestProgress, progress)
    }

    /// The longest that any of them has got no step further; nil if there are none.
    public func withoutProgress(at now: Instant) -> Duration? {
        starts.isEmpty ? nil : now - earliestProgress
    }

    /// For each share (0 to 1) the age that so many of them do not exceed, by nearest rank; empty if there are none.
    ///
    /// So the oldest is that of share 1, and what is outside counts as the nearest.
    public func ages(at shares: [Double], now: Instant) -> [Duration] {
        guard !starts.isEmpty else { return [] }
        var moments = starts
        return shares.map { share in
            let rank = (share.isNaN ? 0 : min(max(0, share), 1)) * Double(moments.count)
            return now - moments.moment(after: moments.count - max(1, Int(rank.rounded(.up))))
        }
    }
}

extension [Instant] {
    /// The moment that so many others come before, if they stood in order: Hoare's FIND (CACM 4, 1961).
    ///
    /// It puts what is earlier before it and what is later behind it, so that the next answer takes less time.
    fileprivate mutating func moment(after others: Int) -> Instant {
        var (first, last) = (0, count - 1)
        while first < last {
            let pivot = self[first + (last - first) / 2]
            var (low, high) = (first, last)
            while low <= high {
                while self[low] < pivot { low += 1 }
                while pivot < self[high] { high -= 1 }
                guard low <= high else { break }
                swapAt(low, high)
                (low, high) = (low + 1, high - 1)
            }
            if others <= high { last = high } else if others >= low { first = low } else { break }
        }
        return self[others]
    }
}
