/// How many sagas stand how, and for how many of them which alarm is raised.
public struct SagaCensus: Hashable, Sendable {
    /// The counts, in the order of ``Saga/Standing``.
    private var standings = [Int](repeating: 0, count: Saga.Standing.allCases.count)
    /// The counts, by the bits of ``SagaMonitor/Alarms``.
    private var alarms = [Int](repeating: 0, count: UInt8.bitWidth)

    /// Nobody is counted yet.
    public init() {}

    /// Counts a saga.
    public mutating func count(_ standing: Saga.Standing, _ raised: SagaMonitor.Alarms = []) {
        standings[Int(standing.rawValue)] += 1
        var bits = raised.rawValue
        while bits != 0 {
            alarms[bits.trailingZeroBitCount] += 1
            bits &= bits - 1
        }
    }

    /// How many stand like this.
    public subscript(standing: Saga.Standing) -> Int { standings[Int(standing.rawValue)] }

    /// For how many this alarm is raised; one alarm is asked for at a time.
    public subscript(alarm: SagaMonitor.Alarms) -> Int {
        alarm.isEmpty ? 0 : alarms[alarm.rawValue.trailingZeroBitCount]
    }

    /// How many there are.
    public var total: Int { standings.reduce(0, +) }

    /// How many are not over.
    public var underWay: Int { Saga.Standing.allCases.reduce(0) { $1.isOver ? $0 : $0 + self[$1] } }
}
