internal import Timeline

/// Deposits and withdrawals of the last stretch of time, which roll out of sight in tenths of its length.
struct TokenWindow: Hashable, Sendable {
    /// What one permit costs.
    static let unit: Int64 = 1_000_000
    private static let tenths = 10
    /// A tenth holds no more than this, so that no sum overflows.
    private static let most = Int64.max / 100

    private var amounts: [Int64] = []
    private var sum: Int64 = 0
    private var width: Int64 = 1
    /// The number of the newest tenth, counted from the clock's zero.
    private var newest: Int64 = .min

    /// No window at all: nothing is kept.
    init() {}

    /// A window of a second or more.
    init(_ length: Duration) {
        amounts = Array(repeating: 0, count: Self.tenths)
        width = max(1, length.nanoseconds / Int64(Self.tenths))
    }

    /// Adds to the present tenth; to the newest on a clock that has stepped back.
    mutating func add(_ amount: Int64, at now: Instant) {
        guard !amounts.isEmpty else { return }
        roll(to: now)
        let place = place(of: newest)
        let changed = min(max(-Self.most, amounts[place] + amount), Self.most)
        sum += changed - amounts[place]
        amounts[place] = changed
    }

    /// What the tenths that are still in sight hold together.
    mutating func sum(at now: Instant) -> Int64 {
        guard !amounts.isEmpty else { return 0 }
        roll(to: now)
        return sum
    }

    private mutating func roll(to now: Instant) {
        let number = now.nanoseconds / width - (now.nanoseconds % width < 0 ? 1 : 0)
        guard number > newest else { return }
        if newest == .min || number - newest >= Int64(Self.tenths) {
            for place in amounts.indices { amounts[place] = 0 }
            sum = 0
        } else {
            for passed in (newest + 1)...number {
                sum -= amounts[place(of: passed)]
                amounts[place(of: passed)] = 0
            }
        }
        newest = number
    }

    private func place(of number: Int64) -> Int {
        let rest = Int(number % Int64(Self.tenths))
        return rest < 0 ? rest + Self.tenths : rest
    }
}
