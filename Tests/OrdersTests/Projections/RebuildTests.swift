import CQRS
import EventSourcing
import Orders
import Testing
import Timeline

@Suite("Rebuild of the read model of orders")
struct RebuildTests {
    private let orders = (1...12).map { "o\($0)" }
    private let customers = ["c1", "c2"]

    private func shop() throws -> Shop {
        let shop = try Shop()
        for (number, order) in orders.prefix(8).enumerated() {
            try shop.send(.cups(number + 1, for: customers[number % 2]), of: order)
            if number.isMultiple(of: 3) { try shop.send(.confirm, of: order) }
        }
        return shop
    }

    private func rebuild(_ side: inout ReadSide, to version: Int) throws -> LocalRebuild {
        let rebuild = try Rebuild(try .init(), from: try side.model.serving(), to: version)
        return LocalRebuild(rebuild, try .quick(errors: .rebuild, batchSize: 2))
    }

    /// Lets both versions work until the rebuild has ended, or so many times.
    private func work(
        _ rebuild: inout LocalRebuild, _ side: inout ReadSide, _ shop: Shop, times: Int = 200,
        _ meanwhile: (Int, inout ReadSide) throws -> Void = { _, _ in }
    ) throws -> Rebuild.Ending? {
        for time in 0..<times {
            let step = rebuild.work(
                beside: &side.projection, on: &side.model, reading: &shop.store, at: side.now)
            if case .ended(let ending) = step { return ending }
            try meanwhile(time, &side)
            side.work(shop, for: .milliseconds(10))
        }
        return nil
    }

    @Test(
        "it is made beside the old one, which serves all the time, and takes over when it has caught up",
        arguments: ReadModelBackend.allCases)
    func rebuilt(backend: ReadModelBackend) throws {
        let shop = try shop()
        var side = try ReadSide(backend)
        side.work(shop)
        var rebuild = try rebuild(&side, to: 2)
        var versions: Set<Int> = []
        let ending = try work(&rebuild, &side, shop) { time, side in
            versions.insert(try side.model.serving().version)
            // Orders go on arriving, and are shown, whoever serves.
            if time < 4 { try shop.send(.cups(1), of: orders[8 + time]) }
            #expect(try side.rows([orders[0]], customers).orders.count == 1)
        }
        guard case .switched = ending, let new = rebuild.new else {
            Issue.record("\(String(describing: ending))")
            return
        }
        #expect(try versions.contains(1) && side.model.serving().version == 2)
        #expect(side.projection.run.stopReason != nil, "the old version has stopped")
        side.projection = new
        #expect(side.projection.takeChanges().first == .everything)
        try shop.send(.confirm, of: orders[1])
        side.work(shop)
        #expect(try side.rows(orders, customers) == (try ShownRows(shop.log, customers)))
        #expect(throws: ReadModelError.noVersion(1)) { _ = try side.model.load(1) }
        #expect(shop.log.count == side.projection.run.totals.applied)
    }

    @Test(
        "killed after any of its changes, it goes on, and the switch happens once", arguments: ReadModelBackend.allCases
    )
    func crashed(backend: ReadModelBackend) throws {
        var phases: Set<String> = []
        for lifetime in 0...12 {
            let shop = try shop()
            var side = try ReadSide(backend)
            side.work(shop)
            side.model.lifetime = lifetime
            var first = try rebuild(&side, to: 2)
            if try work(&first, &side, shop, times: 20) != nil { continue }
            phases.insert("\(first.rebuild.phase)".prefix { $0 != "(" }.description)
            // Everything but the read model is gone; who comes next sees what serves, and goes on.
            side.model.lifetime = nil
            let serving = try side.model.serving()
            try side.crash(version: serving.previous ?? serving.version)
            if serving.version != 2 || serving.previous != nil {
                var second = try rebuild(&side, to: 2)
                _ = try work(&second, &side, shop)
                #expect(second.rebuild.phase == .ended(.switched(at: Position(11))))
                try side.crash(version: 2)
            }
            side.work(shop)
            #expect(try side.rows(orders, customers) == (try ShownRows(shop.log, customers)))
            let after = try side.model.serving()
            #expect(after.version == 2 && after.previous == nil && after.candidate == nil)
        }
        #expect(phases == ["preparing", "replaying", "switching", "dropping"])
    }

    @Test("one that is called off leaves nothing behind", arguments: ReadModelBackend.allCases)
    func cancelled(backend: ReadModelBackend) throws {
        let shop = try shop()
        var side = try ReadSide(backend)
        side.work(shop)
        var rebuild = try rebuild(&side, to: 2)
        _ = try work(&rebuild, &side, shop, times: 1)
        #expect(throws: Never.self) { _ = try side.model.load(2) }
        #expect(rebuild.rebuild.cancel() == .cancelled)
        #expect(try work(&rebuild, &side, shop) == .cancelled)
        #expect(throws: ReadModelError.noVersion(2)) { _ = try side.model.load(2) }
        try shop.send(.confirm, of: orders[1])
        side.work(shop)
        #expect(try side.rows(orders, customers) == (try ShownRows(shop.log, customers)))
    }

    @Test(
        "a new version that cannot read an event stops there, and the old one serves on",
        arguments: ReadModelBackend.allCases)
    func poisoned(backend: ReadModelBackend) throws {
        let shop = try shop()
        var side = try ReadSide(backend)
        let unknown = EventData(id: EventID(high: 9, low: 9), type: "OrderPainted")
        try shop.store.append([unknown], to: try StreamName("order-o1"), expecting: .any, at: .zero)
        side.work(shop)
        var rebuild = try rebuild(&side, to: 2)
        #expect(try work(&rebuild, &side, shop, times: 50) == nil)
        #expect(rebuild.new?.run.stopReason == .poison(Position(12), .unknownType, attempts: 1))
        #expect(rebuild.rebuild.cancel() == .cancelled)
        #expect(try work(&rebuild, &side, shop) == .cancelled)
        #expect(try side.model.serving().version == 1 && side.rows(orders, customers).orders.count == 8)
    }

    @Test("what a version that was dropped still wants to commit comes too late", arguments: ReadModelBackend.allCases)
    func tooLate(backend: ReadModelBackend) throws {
        let shop = try shop()
        var side = try ReadSide(backend)
        var rival = side.projection
        side.work(shop)
        var rebuild = try rebuild(&side, to: -7)
        _ = try work(&rebuild, &side, shop)
        #expect(try side.model.serving().version == -7)
        let step = rival.work(on: &side.model, reading: &shop.store, at: side.now)
        #expect(step != .wait(until: nil) && rival.lastComplaint == "the read model has no version 1")
        #expect(rival.run.totals.applied == 0)
    }
}
