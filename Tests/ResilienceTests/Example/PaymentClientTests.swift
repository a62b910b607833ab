import Resilience
import Synchronization
import Testing
import Timeline

@Suite("The example: guarding a real call with a real clock")
struct PaymentClientTests {
    private struct Down: Error {}

    /// Counts the calls that reach the service.
    private final class Service: Sendable {
        private let calls = Mutex(0)

        var count: Int { calls.withLock { $0 } }

        /// Fails the first so many times.
        func charge(failing times: Int) throws -> Int {
            let number = calls.withLock { count in
                count += 1
                return count
            }
            if number <= times { throw Down() }
            return number
        }
    }

    private func client(attempts: Int, limit: Timeline.Duration = .seconds(60)) throws -> PaymentClient {
        PaymentClient(
            breaker: try CircuitBreaker.Settings(window: .calls(4), openTime: .seconds(3_600)),
            retry: try RetryPolicy(attempts: attempts, backoff: .constant(.microseconds(10))),
            limit: try TimeLimit(limit))
    }

    @Test("a failure that passes is not seen by the caller")
    func retries() async throws {
        let service = Service()
        let answer = try await client(attempts: 3).charge { try service.charge(failing: 2) }
        #expect(answer == 3)
    }

    @Test("a service that keeps failing is left alone once the breaker has opened")
    func opens() async throws {
        let service = Service()
        let client = try client(attempts: 2)
        for _ in 0..<5 {
            await #expect(throws: PaymentClient.Failed.self) {
                try await client.charge { try service.charge(failing: .max) }
            }
        }
        #expect(service.count == 4)
        #expect(await client.state == .open)
    }

    @Test("a call that hangs is cancelled at its limit")
    func cancels() async throws {
        let client = try client(attempts: 1, limit: .milliseconds(1))
        do {
            _ = try await client.charge { try await Task.sleep(for: .seconds(3_600)) }
            Issue.record("a call that hangs cannot succeed")
        } catch let failed as PaymentClient.Failed {
            #expect(failed.kind == .timeout)
        }
    }
}
