import Bulkheads
import Testing
import Timeline

@Suite("Memory monitor")
struct MemoryMonitorTests {
    @Test("each threshold alerts once when it is reached, and once when use has fallen below it by the hysteresis")
    func hysteresis() throws {
        var monitor = MemoryMonitor(try .init(warning: 0.75, critical: 0.9, hysteresis: 0.05))
        let steps: [(used: Int, alert: String?)] = [
            (74, nil), (75, "normal to warning"), (76, nil), (74, nil), (75, nil), (70, nil), (69, "warning to normal"),
            (74, nil), (95, "normal to critical"), (90, nil), (86, nil), (91, nil), (84, "critical to warning"),
            (89, nil), (90, "warning to critical"), (10, "critical to normal"), (10, nil),
        ]
        for step in steps {
            let alert = monitor.observe(step.used, limit: 100, at: .zero)
            guard case .pressure(let from, let to, let used, let limit) = alert else {
                #expect(step.alert == nil, "at \(step.used)")
                continue
            }
            #expect("\(from) to \(to)" == step.alert, "at \(step.used)")
            #expect(used == step.used && limit == 100)
        }
        #expect(monitor.alerts == steps.count { $0.alert != nil })
    }

    @Test("growth is the slope over the window, told once half of it has been seen; from it, when all is full")
    func growth() throws {
        var monitor = MemoryMonitor(try .init(window: .seconds(10)))
        for second in 0...20 {
            _ = monitor.observe(1000 + second * 50, limit: 4000, at: .after(.seconds(Int64(second))))
            let growth = monitor.growth(at: .after(.seconds(Int64(second))))
            if second < 5 { #expect(growth == nil) } else { #expect(abs((growth ?? 0) - 50) < 1e-9) }
        }
        #expect(monitor.fullIn(at: .after(.seconds(20))) == .seconds(40))
        let rested = monitor.growth(at: .after(.seconds(40)))
        #expect(rested == 0)
        #expect(monitor.fullIn(at: .after(.seconds(40))) == nil)
    }

    @Test("a leak shows through a sawtooth of requests")
    func leak() throws {
        var monitor = MemoryMonitor(try .init(window: .seconds(100)))
        for step in 0..<4000 {
            let sawtooth = step % 7 * 100
            _ = monitor.observe(step * 10 + sawtooth, limit: 1_000_000, at: .after(.milliseconds(Int64(step) * 100)))
        }
        let growth = try #require(monitor.growth(at: .after(.milliseconds(400_000))))
        #expect(abs(growth - 100) < 10)
    }

    @Test("a forecast within the horizon alerts once until it is over")
    func forecast() throws {
        var monitor = MemoryMonitor(try .init(window: .seconds(10), horizon: .seconds(20)))
        var alerts: [Int] = []
        for second in 0...60 {
            let now = Instant.after(.seconds(Int64(second)))
            // Grows by 10 bytes a second up to 300, rests, and grows again.
            let used = second < 30 ? second * 10 : second < 45 ? 290 : 290 + (second - 45) * 10
            _ = monitor.observe(used, limit: 400, at: now)
            guard case .filling(let rest, let growth, let seen, let limit) = monitor.advance(to: now) else { continue }
            alerts.append(second)
            #expect(rest <= .seconds(20) && growth > 0 && seen == used && limit == 400)
        }
        #expect(alerts.count == 2)
        #expect(alerts.first == 20)
    }

    @Test("use without a limit presses nobody and never fills")
    func unlimited() throws {
        var monitor = MemoryMonitor(try .init(window: .seconds(10), horizon: .maximum))
        for second in 0..<20 {
            #expect(monitor.observe(second << 40, limit: .max, at: .after(.seconds(Int64(second)))) == nil)
            #expect(monitor.advance(to: .after(.seconds(Int64(second)))) == nil)
        }
        #expect(monitor.growth(at: .after(.seconds(19))) ?? 0 > 0)
        #expect(monitor.fullIn(at: .after(.seconds(19))) == nil)
    }

    @Test("neither clocks that jump nor extreme numbers break it")
    func extremes() throws {
        var random = RandomStream(seed: 5, name: "monitor", purpose: "extremes")
        for window in [Duration.nanoseconds(1), .seconds(1), .maximum] {
            var monitor = MemoryMonitor(try .init(window: window, horizon: .seconds(1)))
            for _ in 0..<2000 {
                let now = Instant(nanoseconds: [.min, .max, 0, Int64(bitPattern: random.next())][Int(random.below(4))])
                let used = [Int.min, .max, 0, Int(bitPattern: UInt(random.next()))][Int(random.below(4))]
                let limit = [Int.min, .max, 0, Int(bitPattern: UInt(random.next()))][Int(random.below(4))]
                _ = monitor.observe(used, limit: limit, at: now)
                _ = monitor.advance(to: now)
                _ = monitor.fullIn(at: now)
                _ = monitor.nextSample
            }
        }
    }

    @Test("the pool returns the alerts of every level that a call carries over a line, and of no other")
    func pool() throws {
        var pool = MemoryPool(try .init(limit: 100, children: [.init(limit: 50), .init(limit: 80)]))
        let first = pool.reserve(45, from: .child(0), owner: 1, at: .zero)
        guard case .reserved(let reservation, let change) = first else {
            Issue.record("refused")
            return
        }
        #expect(change.alerts.map(\.level) == [.child(0)])
        let second = pool.reserve(45, from: .child(1), owner: 1, at: .zero)
        guard case .reserved(_, let change) = second else {
            Issue.record("refused")
            return
        }
        #expect(change.alerts.map(\.level) == [.pool])
        let release = pool.release(reservation, at: .zero)
        #expect(release?.alerts.map(\.level) == [.child(0), .pool])
        #expect(pool.monitor(of: .pool)?.pressure == .normal)
        #expect(pool.monitor(of: .child(2)) == nil)
    }

    @Test("the pool forecasts level by level")
    func poolForecast() throws {
        let monitor = try MemoryMonitor.Settings(window: .seconds(10), horizon: .seconds(60))
        var pool = MemoryPool(try .init(limit: 10_000, children: [.init(limit: 100)], monitor: monitor))
        var alerts: [MemoryPool.Level] = []
        #expect(pool.nextSample == nil)
        for second in 0..<30 {
            let now = Instant.after(.seconds(Int64(second)))
            _ = pool.reserve(2, from: .child(0), owner: 1, at: now)
            alerts += pool.advance(to: now).map(\.level)
            #expect(pool.nextSample == .after(.seconds(Int64(second + 1))))
        }
        #expect(alerts == [.child(0)])
    }
}
