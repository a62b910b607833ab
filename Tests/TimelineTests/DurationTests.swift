import Testing
import Timeline

@Suite("Durations and instants")
struct DurationTests {
    @Test(
        "a length is read exactly",
        arguments: [
            ("250ms", 250_000_000), ("1.5s", 1_500_000_000), ("0.1s", 100_000_000), ("3m", 180_000_000_000),
            ("1m30s", 90_000_000_000), ("40us", 40_000), ("40µs", 40_000), ("7ns", 7), ("2h", 7_200_000_000_000),
            ("0s", 0), ("0.000000001s", 1), ("9223372036.854775807s", Int64.max),
        ])
    func reads(text: String, nanoseconds: Int64) {
        #expect(Duration(parsing: text)?.nanoseconds == nanoseconds)
    }

    @Test(
        "anything else is refused, a missing unit above all",
        arguments: [
            "", "5", "ms", "5 ms", "-5ms", "5.ms", ".5s", "1.2.3s", "5x", "5ms3", "0.5ns", "9223372036.854775808s",
            "99999999999999999999s", "1e3s", "٣s",
        ])
    func refuses(text: String) {
        #expect(Duration(parsing: text) == nil)
    }

    @Test(
        "a length is written in the largest unit that it fills",
        arguments: [
            (Duration.zero, "0s"), (.milliseconds(40), "40ms"), (.milliseconds(1_250), "1.25s"), (.seconds(90), "1.5m"),
            (.nanoseconds(999), "999ns"), (.microseconds(-3), "-3us"), (.seconds(3_600), "1h"),
            (.nanoseconds(1_234_567_891), "1.234s"), (Duration(nanoseconds: .min), "-2562047.788h"),
        ])
    func writes(length: Duration, text: String) {
        #expect(length.description == text)
    }

    @Test("arithmetic saturates and never traps")
    func saturates() {
        let limit = Duration.maximum
        #expect(limit + .seconds(1) == limit)
        #expect(Duration(nanoseconds: .min) - .seconds(1) == Duration(nanoseconds: .min))
        #expect(limit * Int64(-2) == Duration(nanoseconds: .min))
        #expect(limit * 3.0 == limit)
        #expect(Duration.seconds(1) * Double.nan == .zero)
        #expect(Duration.minutes(.max) == limit)
        #expect(Instant.distantFuture + .seconds(1) == .distantFuture)
        #expect(Duration(seconds: .infinity) == limit)
    }

    @Test(
        "numbers round to the nearest nanosecond, halves away from zero",
        arguments: [
            (0, 0), (0.49999999999999994, 0), (0.5, 1), (1.4999999999999998, 1), (1.5, 2), (2.5, 3),
            (4_503_599_627_370_495.5, 4_503_599_627_370_496), (4_503_599_627_370_497, 4_503_599_627_370_497),
            (9_007_199_254_740_992, 9_007_199_254_740_992), (0x1.fffffffffffffp62, 9_223_372_036_854_774_784),
            (0x1p63, .max), (.leastNonzeroMagnitude, 0), (.infinity, .max),
        ] as [(Double, Int64)])
    func rounds(value: Double, nanoseconds: Int64) {
        #expect(Duration(roundingNanoseconds: value).nanoseconds == nanoseconds)
        #expect(Duration(roundingNanoseconds: -value).nanoseconds == (nanoseconds == .max ? .min : -nanoseconds))
    }

    @Test("rounding agrees with the system's")
    func roundsAsTheSystem() {
        var random = RandomStream(seed: 1, name: "duration", purpose: "rounding")
        for _ in 0..<10_000 {
            let value = Double(Int64(bitPattern: random.next()) >> Int64(random.below(64))) / 1_024
            #expect(Duration(roundingNanoseconds: value).nanoseconds == Int64(value.rounded()))
        }
    }

    @Test(
        "an instant reads like a clock",
        arguments: [(83_450, "00:01:23.450"), (0, "00:00:00.000"), (360_000_999, "100:00:00.999")])
    func clock(milliseconds: Int64, text: String) {
        #expect(Instant.after(.milliseconds(milliseconds)).description == text)
    }
}
