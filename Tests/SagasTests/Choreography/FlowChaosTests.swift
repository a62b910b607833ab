import Sagas
import Testing
import Timeline

@Suite("Choreographed flows under random trouble")
struct FlowChaosTests {
    @Test(
        """
        with events lost, doubled, delayed and reordered, each policy acts once for each event, nothing acts after the \
        end, and every flow ends, times out or is parked once the network heals
        """)
    func promises() throws {
        let choreographies = [
            try Choreography.checkout(), try Choreography.pingPong(hopLimit: 39),
            try Choreography.pingPong(hopLimit: 6),
        ]
        var endings: [String: Int] = [:]
        var redeliveries = 0
        for seed in 0..<20 as Range<UInt64> {
            for (number, choreography) in choreographies.enumerated() {
                let random = RandomStream(seed: seed, name: "flow \(number)", purpose: "trouble")
                var driver = FlowDriver(choreography, random: random)
                driver.run()
                if !driver.complaints.isEmpty {
                    Issue.record("seed \(seed), \(choreography.name): \(driver.complaints.prefix(3))")
                    return
                }
                endings[Self.kind(driver), default: 0] += 1
                redeliveries += driver.redeliveries
            }
        }
        // A test in which one of these never came up would show nothing about it.
        for kind in ["well", "badly", "timed out", "parked"] { #expect(endings[kind, default: 0] > 0, "\(endings)") }
        #expect(redeliveries > 100)
    }

    private static func kind(_ driver: FlowDriver) -> String {
        switch driver.flow.phase(under: driver.choreography) {
        case .ended(.well): "well"
        case .ended(.badly), .ended(.closed): "badly"
        case .ended(.timedOut): "timed out"
        case .parked: "parked"
        case .notStarted, .running: "not over"
        }
    }
}
