import Resilience
import Timeline

/// Plays one hedged call whose attempts take given times, on a clock of milliseconds.
struct HedgeScript {
    /// How an attempt ends, after so many milliseconds.
    enum Attempt {
        case success(Int64)
        case failure(Int64, FailureKind = .server)
    }

    private(set) var launched: [Int64] = []
    private(set) var winner: Int?
    private(set) var failure: FailureKind?
    private(set) var settledAt: Int64?
    private(set) var calledOff: [Int] = []
    private(set) var mostRunning = 0
    private(set) var totals = HedgeTotals()

    private var call = HedgedCall()
    private var ends: [(at: Int64, attempt: Int, failure: FailureKind?)] = []
    private var nextHedge: Int64?

    /// Plays the call; an attempt beyond the list ends like the last.
    init(
        _ policy: HedgePolicy, observed: Duration? = nil, refusing budget: Int = .max, _ attempts: Attempt...
    ) {
        var now: Int64 = 0
        var granted = 0
        follow(call.begin(policy, observed: observed, at: .zero), now)
        while winner == nil {
            // A result counts before a hedge of the same moment.
            ends.sort { ($0.at, $0.attempt) < ($1.at, $1.attempt) }
            if let end = ends.first, end.at <= nextHedge ?? .max {
                ends.removeFirst()
                now = end.at
                follow(
                    call.ended(
                        end.attempt, failure: end.failure, policy, observed: observed,
                        at: .after(.milliseconds(now))), now)
            } else if let hedge = nextHedge {
                now = hedge
                follow(call.timer(policy, observed: observed, at: .after(.milliseconds(now))), now)
            } else {
                return
            }
        }

        func launch(_ attempt: Int, _ now: Int64) {
            if attempt > 0 {
                guard granted < budget else {
                    totals.countRefusal()
                    follow(call.refused(attempt), now)
                    return
                }
                granted += 1
            }
            launched.append(now)
            switch attempts[min(attempt, attempts.count - 1)] {
            case .success(let length): ends.append((now + length, attempt, nil))
            case .failure(let length, let kind): ends.append((now + length, attempt, kind))
            }
        }

        func follow(_ decision: HedgedCall.Decision, _ now: Int64) {
            totals.count(decision)
            mostRunning = max(mostRunning, call.attemptsRunning)
            switch decision {
            case .launch(let numbers, let next):
                nextHedge = next.map { $0.nanoseconds / 1_000_000 }
                for attempt in numbers { launch(attempt, now) }
            case .wait(let next):
                nextHedge = next.map { $0.nanoseconds / 1_000_000 }
            case .settle(let attempt, let kind):
                (winner, failure, settledAt) = (attempt, kind, now)
                calledOff = (0...10).filter { call.isRunning($0) }
            case .late:
                break
            }
        }
    }
}
