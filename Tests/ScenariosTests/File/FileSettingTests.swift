import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Settings by their paths")
struct FileSettingTests {
    @Test("Every live setting that has a value takes it again and leaves the plan as it is", arguments: Demo.names)
    func roundTrip(name: String) throws {
        let scenario = try Demo.scenario(name)
        let paths = scenario.settingPaths
        #expect(Set(paths).count == paths.count)
        let before = "\(scenario.plan)"
        for path in paths {
            guard let value = scenario.value(of: path) else { continue }
            let same = try scenario.changing(path, to: value)
            #expect("\(same.plan)" == before, "\(path) = \(value)")
            #expect(same.value(of: path) == value)
        }
    }

    @Test("There is a path for every live setting, written or not")
    func paths() throws {
        let paths = try Demo.scenario("slow-payment").settingPaths
        for path in [
            "services.payment.workers", "services.shop.operations.browse.latency", "services.catalog.cache.l1-latency",
            "edges.shop -> payment.breaker.half-open-limit", "edges.shop -> payment.timeout",
            "sagas.place-order.steps.notify.retry", "sagas.place-order.compensation.timeout", "load.shoppers.rate",
        ] {
            #expect(paths.contains(path), "\(path)")
        }
        for path in ["seed", "load.shoppers.users", "sagas.place-order.steps.notify.pivot", "services.shop.cache.l1"] {
            #expect(!paths.contains(path), "\(path)")
        }
    }

    @Test(
        "Short paths mean what they can only mean",
        arguments: [
            ("payment.workers", "8", "services.payment.workers"), ("shoppers.rate", "5/s", "load.shoppers.rate"),
            ("shop -> payment.breaker.open", "7s", "edges.shop -> payment.breaker.open"),
            ("shop->payment.breaker.half-open limit", "7s", "edges.shop -> payment.breaker.half-open-limit"),
            ("payment.breaker.failures", "10%", "edges.shop -> payment.breaker.failures"),
            ("place-order.notify.timeout", "3s", "sagas.place-order.steps.notify.timeout"),
            ("shop.browse.errors", "3%", "services.shop.operations.browse.errors"),
            ("place-order.timeout", "none", "sagas.place-order.timeout"),
        ])
    func short(path: String, value: String, full: String) throws {
        let scenario = try Demo.scenario("slow-payment")
        let changed = try scenario.changing(path, to: value)
        #expect(changed.value(of: full) == value)
        #expect("\(changed.plan)" != "\(scenario.plan)")
        #expect("\(try changed.changing(full, to: value).plan)" == "\(changed.plan)")
    }

    @Test(
        "What cannot be set is said, with its place in PATH VALUE",
        arguments: [
            (
                "payment.wrkers", "3", 0,
                "there is no setting \"payment.wrkers\"; did you mean \"services.payment.workers\"?"
            ),
            (
                "payment.workers", "lots", 16,
                "workers: \"lots\" is not allowed here; write 1 to 1000000, without a unit"
            ),
            ("payment.workers", "0", 16, "workers: 0 is out of range; allowed: 1 to 1000000"),
            (
                "payment.latency", "lognormal p50 1s", 32,
                "latency: something is missing here; write lognormal p50 8ms p99 40ms"
            ),
            ("seed", "3", 0, "seed cannot change while the system runs; begin with --set seed=3"),
            (
                "place-order.notify.retry", "3 attempts", 25,
                "saga place-order, step notify: it may fail after confirm, from where the saga cannot go back; "
                    + "retry it until done or move it before"
            ),
            (
                "place-order.reserve.pivot", "yes", 0,
                "sagas.place-order.steps.reserve.pivot cannot change while the system runs; "
                    + "begin with --set sagas.place-order.steps.reserve.pivot=yes"
            ),
            ("timeout", "3s", 0, "there is no setting \"timeout\"; press Tab after \"set \" for those that there are"),
        ])
    func refusals(path: String, value: String, offset: Int, message: String) throws {
        let scenario = try Demo.scenario("slow-payment")
        #expect(throws: SyntaxProblem(at: offset, message)) { try scenario.changing(path, to: value) }
    }

    @Test("A live change may not turn a step that can fail into one that cannot")
    func structure() throws {
        let text = small(sagas: "buy: {runs in: front, steps: [{name: pay, call: back.pay}]}")
        let scenario = try Scenario(parsing: text, file: "f")
        #expect(try scenario.changing("buy.pay.retry", to: "5 attempts").value(of: "buy.pay.retry") == "5 attempts")
        #expect(throws: SyntaxProblem.self) { try scenario.changing("buy.pay.retry", to: "until done") }
    }

    @Test("Settings from outside replace those of the file, fixed ones too, and their problems name them")
    func fromOutside() throws {
        let text = small()
        let scenario = try Scenario(parsing: text, file: "f", settings: [("seed", "7"), ("front.workers", "3")])
        #expect(scenario.plan.seed == 7)
        #expect(scenario.plan.services[0].workers == 3)
        do {
            _ = try Scenario(parsing: text, file: "f", settings: [("front.wrkers", "3"), ("duration", "5")])
            Issue.record("no problem")
        } catch {
            #expect(
                Set(error.all.map(\.description)) == [
                    "--set front.wrkers=3:1:1: there is no setting \"front.wrkers\"; did you mean \"services.front.workers\"?",
                    "--set duration=5:1:10: duration: 5 needs a unit: write 5ms, 5s or 5m",
                ])
        }
    }
}
