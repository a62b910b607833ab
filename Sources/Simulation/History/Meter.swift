public import Timeline

/// What was counted and timed of one operation, saga or load.
public struct Meter: Sendable {
    /// How many began.
    public private(set) var offered: UInt64 = 0
    /// How many ended well.
    public private(set) var ok: UInt64 = 0
    /// How many ended badly, by how.
    private var failures = [32 of UInt64](repeating: 0)
    /// The time that all ended ones took together.
    public private(set) var totalTime = Duration.zero
    /// Latencies of the present window: of those that ended well.
    public private(set) var okWindow = LatencyWindow()
    /// Latencies of the present window: of those that ended badly.
    public private(set) var failedWindow = LatencyWindow()

    /// An hour; what takes longer is counted as this.
    private static var longestMicroseconds: UInt64 { 3_600_000_000 }

    /// How many have begun and not ended.
    public var underWay: UInt64 { offered - ended }

    /// How many have ended.
    public var ended: UInt64 { ok + failed }

    /// How many ended badly.
    public var failed: UInt64 {
        failures.indices.reduce(0) { $0 + failures[$1] }
    }

    /// How many ended in this way.
    public func count(_ failure: Failure) -> UInt64 { failures[Int(failure.rawValue)] }

    /// How many were turned away before any work.
    public var rejected: UInt64 {
        Failure.allCases.reduce(0) { $0 + ($1.isRejection ? count($1) : 0) }
    }

    mutating func begin() { offered += 1 }

    mutating func end(_ outcome: Outcome, took: Duration) {
        totalTime = totalTime + took
        let microseconds = min(UInt64(max(0, took.nanoseconds / 1_000)), Self.longestMicroseconds)
        switch outcome {
        case .ok:
            ok += 1
            okWindow.record(microseconds: microseconds)
        case .failed(let failure):
            failures[Int(failure.rawValue)] += 1
            failedWindow.record(microseconds: microseconds)
        }
    }

    mutating func closeWindow() {
        if !okWindow.isEmpty { okWindow = LatencyWindow() }
        if !failedWindow.isEmpty { failedWindow = LatencyWindow() }
    }
}
