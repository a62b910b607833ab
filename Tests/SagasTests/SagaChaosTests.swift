import Sagas
import Testing

@Suite("Sagas under random trouble")
struct SagaChaosTests {
    @Test(
        """
        every saga ends once replies are good; nothing is undone beyond the point of no return; what is not undone is \
        reported; one call at a time, attempts without gaps, silence after the end
        """)
    func promises() throws {
        var endings: [String: Int] = [:]
        for seed in 0..<20_000 as Range<UInt64> {
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
            #expect(endings[kind, default: 0] > 100, "\(kind): \(endings)")
        }
    }

    private static func kind(_ driver: ChaosDriver) -> String {
        switch driver.ending {
        case nil: "none"
        case .completed: driver.saga.isOverdue ? "completed overdue" : "completed"
        case .compensated: "compensated"
        case .compensationFailed: "compensation failed"
        }
    }
}
