import Resilience
import Testing
import Timeline

@Suite("Windowed quantile")
struct WindowedQuantileTests {
    @Test(
        "quantiles are of nearest rank, ceil(n × p) (the guide's defect R5)",
        arguments: [
            (100, 0.99, 99), (10, 0.5, 5), (100, 0.5, 50), (100, 1, 100), (100, 0, 1), (100, 0.001, 1),
            (100, 0.07, 7), (100, 0.55, 55), (100, 0.995, 100), (1, 0.99, 1), (3, 0.5, 2), (4, 0.5, 2), (5, 0.9, 5),
            (1_000, 0.999, 999), (1_000, 0.9995, 1_000), (100, 7, 100), (100, -1, 1), (100, .nan, 1),
            (100, .infinity, 100),
        ] as [(Int, Double, Int64)])
    func nearestRank(count: Int, p: Double, expected: Int64) throws {
        var window = try WindowedQuantile(samples: count)
        for sample in (1...count).reversed() { window.record(.milliseconds(Int64(sample)), at: .zero) }
        #expect(window.quantile(p) == .milliseconds(expected))
    }

    @Test("every whole percentile of 1...100 is its own number, exactly")
    func percentiles() throws {
        var window = try WindowedQuantile(samples: 100)
        for step in (1...100).reversed() { window.record(.milliseconds(Int64(step)), at: .zero) }
        for percent in 1...100 {
            #expect(window.quantile(Double(percent) / 100) == .milliseconds(Int64(percent)))
        }
    }

    @Test("an empty window has no quantile")
    func empty() throws {
        var window = try WindowedQuantile(samples: 3)
        #expect(window.quantile(0.5) == nil)
        window.record(.seconds(1), at: .zero)
        window.clear()
        #expect(window.quantile(0.5) == nil)
        #expect(window.samples == [])
    }

    @Test("a full window forgets the oldest sample, a negative one counts as zero")
    func ring() throws {
        var window = try WindowedQuantile(samples: 3)
        for length in [5, 1, 9, -4] as [Int64] { window.record(.seconds(length), at: .zero) }
        #expect(window.samples == [.seconds(1), .seconds(9), .zero])
        #expect(window.quantile(1) == .seconds(9))
        #expect(window.quantile(0) == .zero)
    }

    @Test("samples leave a window of time when they are as old as it is long, and not before")
    func expiry() throws {
        var window = try WindowedQuantile(samples: 10, within: .seconds(10))
        window.record(.seconds(3), at: .after(.seconds(1)))
        window.record(.seconds(1), at: .after(.seconds(2)))
        #expect(window.nextExpiry == .after(.seconds(11)))
        window.advance(to: .after(.milliseconds(10_999)))
        #expect(window.quantile(1) == .seconds(3))
        window.advance(to: .after(.seconds(11)))
        #expect(window.quantile(1) == .seconds(1))
        window.record(.seconds(2), at: .after(.seconds(60)))
        #expect(window.samples == [.seconds(2)])
    }

    @Test("a clock that steps back loses no sample")
    func clockStepsBack() throws {
        var window = try WindowedQuantile(samples: 10, within: .seconds(10))
        window.record(.seconds(1), at: .after(.seconds(100)))
        window.record(.seconds(2), at: .after(.seconds(3)))
        #expect(window.count == 2)
        window.advance(to: .after(.seconds(109)))
        #expect(window.count == 2)
        window.advance(to: .after(.seconds(110)))
        #expect(window.count == 0)
    }

    @Test("resizing keeps the newest samples that fit")
    func resizing() throws {
        var window = try WindowedQuantile(samples: 4)
        for length in 1...6 { window.record(.seconds(Int64(length)), at: .zero) }
        #expect(try window.resized(to: 2, at: .zero).samples == [.seconds(5), .seconds(6)])
        let larger = try window.resized(to: 9, within: .seconds(1), at: .after(.seconds(7)))
        #expect(larger.samples == window.samples)
        #expect(larger.nextExpiry == .after(.seconds(8)))
        #expect(throws: SettingError.self) { try window.resized(to: 0, at: .zero) }
    }

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let refused: [(String, () throws -> WindowedQuantile)] = [
            ("samples: 0 is out of range; allowed: 1 to 100000", { try .init(samples: 0) }),
            ("samples: 100001 is out of range; allowed: 1 to 100000", { try .init(samples: 100_001) }),
            ("within: 0s is out of range; allowed: more than 0s", { try .init(samples: 1, within: .zero) }),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }
}

@Suite("Windowed quantile against sorting", .tags(.property))
struct WindowedQuantilePropertyTests {
    @Test("agrees exactly with sorting the samples that a naive window keeps, whatever the clock does")
    func sorting() throws {
        for seed in UInt64(0)..<60 {
            var random = RandomStream(seed: seed, name: "quantile", purpose: "sorting")
            let capacity = Int(random.below(40)) + 1
            let within: Duration? = random.chance(0.5) ? .nanoseconds(Int64(random.below(60)) + 1) : nil
            var window = try WindowedQuantile(samples: capacity, within: within)
            var model: [(sample: Duration, at: Instant)] = []
            var now = Instant.zero
            for step in 0..<150 {
                now = now + .nanoseconds(Int64(random.below(12)) - 3)
                if random.chance(0.01) { now = now + .seconds(1) }
                if random.chance(0.9) {
                    let sample = Duration(nanoseconds: random.chance(0.02) ? .max : Int64(random.below(30)))
                    window.record(sample, at: now)
                    let stamp = max(now, model.last?.at ?? now)
                    expire(&model, within, now)
                    model.append((sample, stamp))
                    if model.count > capacity { model.removeFirst() }
                } else {
                    window.advance(to: now)
                    expire(&model, within, now)
                }
                let p = random.uniform()
                let sorted = model.map(\.sample).sorted()
                let rank = Int((Double(sorted.count) * p).rounded(.up))
                let expected = sorted.isEmpty ? nil : sorted[max(rank, 1) - 1]
                guard window.quantile(p) == expected, window.samples == model.map(\.sample) else {
                    Issue.record("seed \(seed), step \(step)")
                    return
                }
            }
        }
    }

    @Test("no clock and no length traps")
    func extremes() throws {
        for seed in UInt64(0)..<100 {
            var random = RandomStream(seed: seed, name: "quantile", purpose: "extremes")
            let within: Duration? = [nil, .nanoseconds(1), .maximum][Int(random.below(3))]
            var window = try WindowedQuantile(samples: Int(random.below(5)) + 1, within: within)
            for _ in 0..<100 {
                let now = Instant(nanoseconds: random.chance(0.3) ? .min : Int64(bitPattern: random.next()))
                window.record(Duration(nanoseconds: Int64(bitPattern: random.next())), at: now)
                window.advance(to: random.chance(0.3) ? .distantFuture : now)
                if let length = window.quantile(random.uniform()), length < .zero {
                    Issue.record("seed \(seed)")
                    return
                }
            }
        }
    }

    private func expire(_ model: inout [(sample: Duration, at: Instant)], _ within: Duration?, _ now: Instant) {
        guard let within else { return }
        while let oldest = model.first, oldest.at + within <= now { model.removeFirst() }
    }
}
