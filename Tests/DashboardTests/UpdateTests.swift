import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("What keys do")
struct UpdateTests {
    private func flight() throws -> Flight {
        var flight = try Flight()
        flight.fly(.seconds(3))
        return flight
    }

    @Test("a newcomer breaks payment, goes back to before, and goes on differently")
    func breakRewindContinue() throws {
        var flight = try flight()
        flight.press("x{Enter}")
        flight.fly(.seconds(2))
        #expect(flight.screen.text.contains("✗ OPEN"))
        flight.press(",")
        #expect(flight.session.now < .after(.milliseconds(1)))
        #expect(flight.screen.text.contains("PAUSED rewound"))
        #expect(flight.screen.text.contains("what you did comes again: inject latency on payment"))
        flight.press(" ")
        flight.fly(.seconds(2))
        flight.press(":set payment.workers 20{Enter}")
        #expect(!flight.screen.text.contains("what you did comes again"))
        flight.fly(.seconds(3))
        #expect(flight.screen.text.contains("✓ CLOSED"))
        #expect(flight.screen.text.contains("no faults"))
    }

    @Test("Space pauses and plays, and while paused nothing on the screen changes")
    func pause() throws {
        var flight = try flight()
        flight.press(" ")
        let before = flight.screen
        flight.fly(.seconds(1))
        #expect(flight.screen == before)
        flight.press(" ")
        flight.fly(.seconds(1))
        #expect(flight.session.now > .after(.seconds(3)))
    }

    @Test("one step executes one event")
    func step() throws {
        var flight = try flight()
        let before = flight.session.simulation.world.eventsExecuted
        flight.press(".")
        #expect(flight.session.simulation.world.eventsExecuted == before + 1)
    }

    @Test("> and < double and halve the speed")
    func speed() throws {
        var flight = try flight()
        flight.press(">>")
        #expect(flight.session.speed == 4)
        flight.press("<")
        #expect(flight.session.speed == 2)
        #expect(flight.screen.text.contains("RUN x2"))
    }

    @Test("[ goes back to the mark before, ] on to the next one")
    func marks() throws {
        var flight = try flight()
        flight.press("m[")
        #expect(flight.session.now == .after(.seconds(2)))
        flight.press("]")
        flight.fly(.seconds(2))
        #expect(flight.session.now == .after(.seconds(3)))
    }

    @Test("h heals what is selected, H everything")
    func heal() throws {
        var flight = try flight()
        flight.press("x{Enter}x{Down}{Up}{Right}{Enter}")
        #expect(flight.session.simulation.world.faultLog.map(\.isActive) == [true, true])
        flight.press("h")
        #expect(flight.session.simulation.world.faultLog.map(\.isActive) == [false, false])
        #expect(flight.session.log.entries.suffix(1).map { "\($0.command.command)" } == ["heal payment"])
        flight.press("h")
        #expect(flight.screen.text.contains("nothing is wrong with what is selected"))
        flight.press("x{Enter}H")
        #expect(flight.session.simulation.world.faultLog.allSatisfy { !$0.isActive })
    }

    @Test("h on a breaker heals the service behind it and the edge, each with one command; on a fault, that one")
    func healParts() throws {
        var flight = try flight()
        for fault in ["error on payment.charge", "hang on payment", "hang on shop -> payment", "crash on orders"] {
            flight.press(":inject \(fault){Enter}")
        }
        flight.press("h")
        #expect(flight.session.simulation.world.faultLog.map(\.isActive) == [false, false, false, true])
        func logged() -> [String] { flight.session.log.entries.map { "\($0.command.command)" } }
        #expect(logged().suffix(2) == ["heal payment", "heal shop -> payment"])
        flight.dashboard.focus = .faults
        flight.press("h")
        #expect(flight.session.simulation.world.faultLog.allSatisfy { !$0.isActive })
        #expect(logged().last == "heal F4")
    }

    @Test("the form writes the command that it carries out")
    func form() throws {
        var flight = try flight()
        flight.press("x{Right}{Down}{Down}{Ctrl-U}5s{Enter}")
        #expect(flight.session.log.entries.last.map { "\($0.command.command)" } == "inject error on payment for 5s")
    }

    @Test(
        "a name that would not read back as one stands in quotes", arguments: ["load", "F1", "two words", "pay\"ment"])
    func quotedTarget(name: String) throws {
        var plan = try Flight().session.original.plan
        plan.services[0].name = name
        let form = try #require(InjectForm([TargetName(.service(0), in: plan)]))
        #expect(form.text(of: .target) == name)
        guard case .inject(_, let target)? = try Command.parse(form.command[...], plan: plan) else {
            Issue.record("\(form.command) is no fault")
            return
        }
        #expect(target.target == .service(0))
    }

    @Test("a form that makes no sense stays open and says why")
    func formProblem() throws {
        var flight = try flight()
        flight.press("x{Down}{Ctrl-U}soon{Enter}")
        #expect(flight.screen.text.contains("expected the added latency, such as 10s, not \"soon\""))
        #expect(flight.session.simulation.world.faultLog.isEmpty)
        flight.press("{Esc}")
        #expect(flight.dashboard.front == .panes)
    }

    @Test("the prompt completes, remembers, and puts the cursor on the mistake")
    func prompt() throws {
        var flight = try flight()
        flight.press(":inj{Tab}lat{Tab}o{Tab}paym")
        guard case .prompt(let prompt) = flight.dashboard.front else {
            Issue.record("no prompt is open")
            return
        }
        #expect(prompt.editor.text == "inject latency on paym")
        flight.press("{Enter}")
        guard case .prompt(let wrong) = flight.dashboard.front else {
            Issue.record("the prompt has closed on a mistake")
            return
        }
        #expect(wrong.problem != nil)
        #expect(wrong.editor.cursor == wrong.problem?.offset)
        flight.press("{Ctrl-U}speed 8{Enter}:{Up}")
        #expect(flight.session.speed == 8)
        #expect(flight.screen.text.contains(":speed 8"))
    }

    @Test("what is pasted on the panes does nothing")
    func paste() throws {
        var flight = try flight()
        _ = flight.dashboard.update(.paste("x\nq"), &flight.session)
        #expect(flight.dashboard.front == .panes)
        flight.press(":")
        _ = flight.dashboard.update(.paste("speed\n3"), &flight.session)
        flight.press("{Enter}")
        #expect(flight.session.speed == 3)
    }

    @Test("Enter on an event turns the clock to it")
    func jump() throws {
        var flight = try flight()
        flight.press("x{Enter}")
        flight.fly(.seconds(2))
        flight.press("{Tab}{Tab}{Tab}G{Enter}")
        #expect(flight.session.now == .after(.seconds(3)) + .nanoseconds(1))
    }

    @Test("moving in the events pane holds it still, f follows again")
    func follow() throws {
        var flight = try flight()
        flight.press("x{Enter}")
        flight.fly(.seconds(2))
        flight.press("{Tab}{Tab}{Tab}{Down}")
        let held = flight.dashboard.eventsHeldAt
        #expect(held != nil)
        flight.fly(.seconds(1))
        #expect(flight.dashboard.eventsHeldAt == held)
        flight.press("f")
        #expect(flight.dashboard.eventsHeldAt == nil)
    }

    @Test("the filter leaves only events with a text in them")
    func filter() throws {
        var flight = try flight()
        flight.press("x{Enter}")
        flight.fly(.seconds(2))
        flight.press("/opened{Enter}")
        #expect(flight.screen.text.contains("OPENED"))
        #expect(!flight.screen.text.contains("timed out"))
        flight.press("{Esc}")
        #expect(flight.screen.text.contains("timed out"))
    }

    @Test("the selection stays on its thing while the list changes")
    func selection() throws {
        var flight = try flight()
        flight.press("{Tab}{Down}{Down}{Down}")
        flight.fly(.seconds(1))
        let scene = flight.dashboard.scene(flight.session)
        #expect(flight.dashboard.selection(scene) == .service(3))
    }

    @Test("keys of the program give effects, and on a tiny screen no others do anything")
    func effects() throws {
        var flight = try flight()
        #expect(flight.press("{Ctrl-L}") == .redraw)
        #expect(flight.press("{Ctrl-Z}") == .suspend)
        #expect(flight.press(":{Ctrl-C}") == .quit)
        #expect(flight.dashboard.update(.resize(width: 40, height: 10), &flight.session) == .redraw)
        #expect(flight.press("xm ") == nil)
        #expect(flight.session.simulation.world.faultLog.isEmpty)
        let isGoing = flight.session.isGoing
        #expect(isGoing)
        #expect(flight.press("q") == .quit)
    }

    @Test("saving asks the program to write the session as a scenario")
    func save() throws {
        var flight = try flight()
        flight.press("x{Enter}")
        guard case .write(let text, let file)? = flight.press("smine.yaml{Enter}") else {
            Issue.record("nothing is to be written")
            return
        }
        #expect(file == "mine.yaml")
        #expect(text.contains("inject latency on payment add 800ms jitter 20% for 40s"))
    }

    @Test("every pane and every detail can be drawn at every size")
    func everySize() throws {
        var flight = try flight()
        flight.press("x{Enter}")
        flight.fly(.seconds(1))
        let keys = Pane.allCases.flatMap { _ in ["{Tab}", "{Enter}", "{Esc}", "w", "{Esc}", "z", "z"] }
        flight.checkEverySize(pressing: keys, isPlain: false)
    }
}
