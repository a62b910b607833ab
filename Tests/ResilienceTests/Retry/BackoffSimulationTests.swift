import Resilience
import Testing
import Timeline

/// The model of aws-samples/aws-arch-backoff-simulator: clients write one row, and a write counts only if nobody has
/// written since the client read. Published in Marc Brooker's post on back-off and jitter.
@Suite("The AWS back-off simulator")
struct BackoffSimulationTests {
    private static let clients = 100
    private static let base = Duration.milliseconds(5)
    private static let cap = Duration.seconds(2)

    private static let expo = Backoff.exponential(initial: base * Int64(2), cap: cap)

    /// Writes, and when the last client was done, as means of some runs.
    private func simulate(_ backoff: Backoff, _ jitter: Jitter) throws -> (calls: Double, seconds: Double) {
        let policy = try RetryPolicy(attempts: RetryPolicy.unlimited, backoff: backoff, jitter: jitter)
        var random = RandomStream(seed: 7, name: "clients", purpose: "\(jitter)")
        let runs = 4
        var (calls, seconds) = (0, 0.0)
        for _ in 0..<runs {
            var contest = Contest(clients: Self.clients, &random)
            contest.run(policy, &random)
            calls += contest.writes
            seconds += contest.finished.sinceZero.seconds
        }
        return (Double(calls) / Double(runs), seconds / Double(runs))
    }

    @Test("a hundred clients: jitter more than halves the calls, and the order of the algorithms is as published")
    func hundredClients() throws {
        let none = try simulate(.constant(.zero), .none)
        let exponential = try simulate(Self.expo, .none)
        let equal = try simulate(Self.expo, .equal)
        let full = try simulate(Self.expo, .full)
        let decorrelated = try simulate(.exponential(initial: Self.base, cap: Self.cap), .decorrelated)

        #expect(abs(exponential.calls / full.calls - 2.3) < 0.15)
        #expect(full.calls < equal.calls && equal.calls < decorrelated.calls)
        #expect(decorrelated.calls < exponential.calls && exponential.calls < none.calls)
        #expect(none.seconds < decorrelated.seconds && decorrelated.seconds < full.seconds * 1.1)
        #expect(full.seconds < equal.seconds && equal.seconds * 5 < exponential.seconds)

        // The means of the original code in four times a hundred runs, with 5 % for the few runs here.
        for (calls, expected) in [
            (none.calls, 2_421.0), (exponential.calls, 1_856), (equal.calls, 812), (full.calls, 796),
            (decorrelated.calls, 998),
        ] {
            #expect(abs(calls / expected - 1) < 0.05)
        }
    }

    private struct Contest {
        private struct Client {
            var isWriting = false
            var version = 0
            var state = RetryState(startedAt: .zero)
        }

        private var clients: [Client]
        /// When each client's message is at the row; the latest time there is for those that are done.
        private var dues: [Int64] = []
        private(set) var writes = 0
        private(set) var finished = Instant.zero

        init(clients count: Int, _ random: inout RandomStream) {
            clients = Array(repeating: Client(), count: count)
            for _ in 0..<count { dues.append(Self.hop(&random).nanoseconds) }
        }

        private static func hop(_ random: inout RandomStream) -> Duration {
            Duration(seconds: abs(10 + 2 * random.normal()) / 1_000)
        }

        private var earliest: Int {
            var (best, index) = (0, 1)
            while index < dues.count {
                if dues[index] < dues[best] { best = index }
                index += 1
            }
            return best
        }

        mutating func run(_ policy: RetryPolicy, _ random: inout RandomStream) {
            var version = 0
            while true {
                let next = earliest
                guard dues[next] < .max else { return }
                var client = clients[next]
                let now = Instant(nanoseconds: dues[next])
                if !client.isWriting {
                    // The row is read; back to the client and to the row again with the write.
                    client.version = version
                    client.isWriting = true
                    dues[next] = (now + Self.hop(&random) + Self.hop(&random)).nanoseconds
                    clients[next] = client
                    continue
                }
                writes += 1
                let reply = Self.hop(&random)
                if client.version == version {
                    version += 1
                    finished = max(finished, now + reply)
                    dues[next] = .max
                    continue
                }
                client.isWriting = false
                guard
                    case .retry(let wait) = policy.next(
                        after: .server, state: &client.state, at: now, using: &random)
                else { return }
                dues[next] = (now + reply + wait + Self.hop(&random)).nanoseconds
                clients[next] = client
            }
        }
    }
}
