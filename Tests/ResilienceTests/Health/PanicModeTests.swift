import Resilience
import Testing
import Timeline

@Suite("Panic mode")
struct PanicModeTests {
    @Test(
        "all hosts are used when fewer than the threshold are healthy; exactly the threshold is enough",
        arguments: [
            (0.5, 10, 10, .healthy), (0.5, 5, 10, .healthy), (0.5, 4, 10, .all), (0.5, 0, 10, .all),
            (0, 0, 10, .healthy), (0, 1, 10, .healthy), (1, 9, 10, .all), (1, 10, 10, .healthy),
            (0.5, 0, 0, .all), (0.4, 2, 5, .healthy),
        ] as [(Double, Int, Int, PanicMode.Eligible)])
    func threshold(threshold: Double, healthy: Int, hosts: Int, expected: PanicMode.Eligible) throws {
        #expect(try PanicMode(below: threshold).eligible(healthy: healthy, of: hosts) == expected)
    }

    @Test("the default is half; without panic mode no host may be left")
    func places() throws {
        #expect(try PanicMode().eligible([true, false, true]) == [0, 2])
        #expect(try PanicMode().eligible([false, false, true]) == [0, 1, 2])
        #expect(try PanicMode(below: 0).eligible([false, false]) == [])
        #expect(try PanicMode().eligible([]) == [])
    }

    @Test("a threshold is a share", arguments: [-0.1, 1.1, .nan, .infinity])
    func refused(threshold: Double) {
        #expect(throws: SettingError.self) { try PanicMode(below: threshold) }
    }
}
