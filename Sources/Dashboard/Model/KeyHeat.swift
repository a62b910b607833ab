internal import Simulation

/// Which keys the replicas behind a balancer have, and how hot these were lately: by replica and slice of the keyspace.
struct KeyHeat: Sendable {
    let slices: Int
    /// Calls by replica and slice; not a number where a replica has no key and got no call.
    let calls: [[Double]]
    /// The latest change that moved keys.
    let move: KeyMove?
    /// The calls of all slices together.
    let whole: Double

    /// What has been called since an earlier moment.
    init(since earlier: Keyspace, _ now: Keyspace) {
        slices = now.slices
        move = now.move
        calls = now.owned.enumerated().map { replica, owned in
            owned.enumerated().map { slice, isOwned in
                let (after, before) = (
                    now.calls(ofReplica: replica, inSlice: slice), earlier.calls(ofReplica: replica, inSlice: slice)
                )
                // Fewer than before: they have begun anew.
                let calls = after >= before ? after - before : after
                return calls > 0 || isOwned ? Double(calls) : .nan
            }
        }
        whole = calls.reduce(0) { $0 + Self.sum($1) }
    }

    private static func sum(_ values: [Double]) -> Double { values.reduce(0) { $0 + ($1.isNaN ? 0 : $1) } }

    /// The share of the calls that a replica got; nil without calls.
    func share(ofReplica replica: Int) -> Double? { whole > 0 ? Self.sum(calls[replica]) / whole : nil }

    /// The share of the calls that the hottest slice got; nil without calls.
    var hottestShare: Double? {
        let most = (0..<slices).map { slice in Self.sum(calls.map { $0[slice] }) }.max() ?? 0
        return whole > 0 ? most / whole : nil
    }

    /// The hottest slice of a replica, from 0, with its calls; nil without calls.
    func hottest(ofReplica replica: Int) -> (slice: Int, calls: Int)? {
        let own = calls[replica].enumerated().filter { $0.element > 0 }.max { $0.element < $1.element }
        return own.map { ($0.offset, Int($0.element)) }
    }

    /// Calls as heights: each doubling is a step, since the first of keys has many times the calls of the tenth.
    func heights(ofReplica replica: Int) -> [Double] { calls[replica].map(Self.height) }

    /// The greatest height.
    var top: Double { calls.joined().reduce(0) { max($0, Self.height($1)) } }

    private static func height(_ calls: Double) -> Double {
        calls >= 1 ? Double(calls.exponent) + calls.significand : calls
    }
}
