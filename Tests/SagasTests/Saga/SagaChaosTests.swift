import Sagas
import Testing

@Suite("Sagas under random trouble")
struct SagaChaosTests {
    @Test(
        """
        every saga ends once replies are good, whatever crashed; nothing is undone beyond the point of no return; what is \
        not undone is reported; attempts have no gaps; what was stored is the saga; silence after the end
        """)
    func promises() throws {
        var endings: [String: Int] = [:]
        for seed in 0..<6_000 as Range<UInt64> {
            var driver = try ChaosDriver(seed: seed)
            driver.run()
            if !driver.complaints.isEmpty {
                Issue.record("seed \(seed): \(driver.complaints.prefix(3).joined(separator: "; "))")
                return
            }
            endings[Self.kind(driver), default: 0] += 1
        }
        // A test in which one of these never came up would show nothing about it.
        for kind in ["completed", "completed overdue", "compensated", "compensation failed"] {
            #expect(endings[kind, default: 0] > 50, "\(kind): \(endings)")
        }
    }

    private static func kind(_ driver: ChaosDriver) -> String {
        switch driver.saga.phase {
        case .ended(.completed): driver.saga.isOverdue ? "completed overdue" : "completed"
        case .ended(.compensated): "compensated"
        case .ended(.compensationFailed): "compensation failed"
        case .ended(.killed), .ready, .locking, .forward, .compensating: "none"
        }
    }
}
