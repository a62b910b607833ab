import Gateway
import Resilience
import Scenarios
import Screen
import Simulation
import Testing
import Timeline

@testable import Dashboard

@Suite("The screen of gateways")
struct GatewayPageTests {
    private func flight(
        _ text: String = Entrance.text, for length: Duration = .seconds(16), depth: ColorDepth = .indexed256,
        glyphs: Glyphs = .unicode
    ) throws -> Flight {
        var flight = try Flight(depth: depth, glyphs: glyphs, of: text, for: length)
        flight.press("8")
        return flight
    }

    @Test("routes with what went wrong, the chain of the selected one, its backends, and the log")
    func entrance() throws {
        var flight = try flight()
        flight.check("gateway-routes")
        for words in ["all routes", "front#2", "room ", "key-1 signs", "smooth weighted"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
        flight.press("{Tab}G")
        flight.check("gateway-chain")
        for words in ["~ target", "+ x-channel", "- x-debug", "(not shown)", "/items/"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
        #expect(!flight.screen.text.contains("Bearer"))
        flight.press("{Tab}{Tab}G")
        flight.check("gateway-log")
    }

    @Test("every item of every pane has a detail and something to break that belongs to it")
    func everyItem() throws {
        var flight = try flight()
        let panes = flight.checkEveryItem(detail: 6) { item, scene in
            let front = FaultPlan.Target.service(0)
            if item.isOfGateway { #expect(item.faultTargets(scene).contains(front), "\(item)") }
        }
        #expect(panes.map(\.count) == [9, 24, 5, 200])
    }

    @Test("what is selected among the routes decides what the other panes show")
    func selected() throws {
        var flight = try flight()
        flight.press("{Down}")
        flight.check("gateway-price", sizes: [(120, 40)])
        for words in ["price of front", "hash ring, 5/5", "keys in 48 slices, hottest"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
        flight.press("{Down}{Down}")
        #expect(flight.screen.text.contains("answers these requests itself"))
        flight.press("{Down}{Down}")
        for words in ["all routes of front", "visitors -> front", "front -> shelf", "no balancer"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
    }

    @Test("the detail of a route tells how its requests ended and what was refused, and w why")
    func routeDetail() throws {
        var flight = try flight()
        flight.resize(80, 24)
        flight.press("{Down}{Enter}")
        Golden.check(flight.screen, "gateway-route-detail-80x24")
        flight.press("w")
        for words in ["401 Unauthorized (auth)", "It began with: strangers: request arrived"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
        flight.press("{Esc}{Down}{Down}{Down}{Down}{Enter}")
        Golden.check(flight.screen, "gateway-detail-80x24")
    }

    @Test("a replica fails its calls while its checks are well, and both are said beside each other")
    func grayFailure() throws {
        var flight = try flight(for: .seconds(8))
        flight.press(":inject error on shelf#2{Enter}")
        flight.fly(.seconds(3))
        flight.press("{Tab}{Tab}")
        flight.check("gateway-backends")
        let scene = flight.dashboard.scene(flight.session)
        let edge = try #require(scene.plan.edges.firstIndex { $0.name == "front -> shelf" })
        let ill = scene.backends(onEdge: edge)[1]
        #expect(ill.view?.health == .healthy && ill.calls.failed > 0 && ill.calls.refused > 0)
        #expect(ill.breaker?.state == .open || ill.view?.ejectedUntil != nil)
        #expect(flight.screen.text.contains("its checks are well, its calls are not"))
        #expect(scene.backends(onEdge: edge)[0].calls.badShare == 0)
        flight.press("{Down}{Down}w")
        #expect(flight.screen.text.contains("shelf#2"))
    }

    @Test("a key that is not honoured is said in the border, and beside the keys")
    func brokenKey() throws {
        var flight = try flight(for: .seconds(5))
        flight.press(":inject expired-key on front{Enter}")
        flight.fly(.seconds(2))
        for words in ["A KEY IS NOT HONOURED", "signed with a key that is not honoured"] {
            #expect(flight.screen.text.contains(words), "\(words)")
        }
    }

    @Test("keys by remainder and on a ring: a heat map, and how many moved when one replica of four left")
    func keys() throws {
        var flight = try flight(Entrance.shards, for: .seconds(12))
        flight.check("gateway-keys")
        let scene = flight.dashboard.scene(flight.session)
        let heats = scene.plan.balancerPlaces.map { scene.traffic.heat[$0] }
        let moved = heats.map { $0?.move?.share ?? 0 }
        // Of four remainders to three a quarter of the keys stay; on a ring the quarter moves that was the fourth's.
        #expect(abs(moved[0] - 0.75) < 0.05 && abs(moved[1] - 0.25) < 0.05)
        #expect(heats[0]?.slices == 3 && heats[1]?.slices == 48)
        flight.press("G{Enter}")
        #expect(flight.screen.text.contains("whose the first keys are"))
        for (place, heat) in zip(scene.plan.balancerPlaces, heats) {
            for key in 1...20 as ClosedRange<UInt32> {
                let owner = try #require(scene.world.owner(ofKey: key, edge: place.edge, stage: place.stage))
                #expect(owner < 3)
            }
            #expect(heat?.share(ofReplica: 0).map { $0 > 0 } == true)
        }
    }

    @Test("a filter shows only lines of the log with a text in them; Esc drops it")
    func filter() throws {
        var flight = try flight()
        flight.press("/NO ROUTE{Enter}")
        flight.check("gateway-filter", sizes: [(80, 24)])
        let items = PaneContent.of(
            .accessLog, flight.dashboard.scene(flight.session), flight.dashboard.choices
        ).table.items
        #expect(!items.isEmpty && items.count < 200)
        #expect(flight.screen.text.contains("no route, near price"))
        flight.press("{Esc}")
        #expect(flight.dashboard.accessFilter.isEmpty && flight.dashboard.page == .gateway)
    }

    @Test("L begins the command that sets the limit of a route, of its tenants, or of all")
    func limit() throws {
        var flight = try flight()
        flight.press("L")
        #expect(flight.screen.text.contains(":set services.front.gateway.limit.rate 400/s"))
        flight.press("{Esc}{Down}{Down}L")
        #expect(flight.screen.text.contains(":set services.front.gateway.routes.order.limit.rate 15/s"))
        flight.press("{Backspace}{Backspace}{Backspace}{Backspace}1/s{Enter}")
        flight.fly(.seconds(10))
        let figures = RouteFigures(RoutePlace(service: 0, route: 2), flight.dashboard.scene(flight.session))
        #expect(figures.wrong([.rateLimit]) > 100 && (figures.okShare ?? 1) < 0.2)
        flight.press("1L")
        #expect(flight.screen.text.contains("select a route of a gateway first"))
    }

    @Test("the figures of ten seconds are what the gateway has counted, and begin anew after time was turned back")
    func figures() throws {
        var flight = try flight(for: .seconds(4))
        var scene = flight.dashboard.scene(flight.session)
        let (whole, tally) = (RoutePlace(service: 0), try #require(scene.world.gateway(ofService: 0)).tally)
        for end in GatewayEnd.allCases {
            #expect(scene.traffic.ended(end, whole) == tally.ended(end), "\(end)")
            #expect(scene.traffic.ended(end, whole, failed: true) == tally.failed(end), "\(end)")
        }
        let stages = tally.count(.logging)
        #expect(stages.all == (0..<5).reduce(0) { $0 + tally.count(.logging, route: $1).all })
        #expect(stages.all > 0 && tally.backend().all == tally.ended(.backend))
        #expect(tally.backend(route: 0).all == tally.ended(.backend, route: 0))
        flight.press(",")
        scene = flight.dashboard.scene(flight.session)
        #expect(scene.traffic.ended(whole) == 0)
    }

    @Test("with neither a gateway nor a balancer there is no such screen")
    func none() throws {
        let flight = try flight(Counter.text, for: .seconds(1))
        #expect(flight.dashboard.page == .overview && !flight.screen.text.contains("8 Gateway"))
        #expect(flight.screen.text.contains("the scenario has no gateway and no balancer"))
    }

    @Test("without Unicode and without colours, at every size")
    func plain() throws {
        var flight = try flight(depth: .mono, glyphs: .ascii)
        Golden.check(flight.screen, "gateway-ascii-120x40")
        flight.press("{Down}{Tab}{Tab}")
        flight.resize(80, 24)
        Golden.check(flight.screen, "gateway-ascii-keys-80x24")
        let keys = [
            "{Tab}", "G", "{Enter}", "{Esc}", "{Tab}", "G", "{Enter}", "w", "{Esc}", "z", "{Tab}", "G", "z", "x",
            "{Esc}",
        ]
        flight.checkEverySize(pressing: keys, isPlain: true)
        flight.checkNoColors()
    }
}
