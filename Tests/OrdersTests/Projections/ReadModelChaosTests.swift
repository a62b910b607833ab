import CQRS
import EventSourcing
import Foundation
import Orders
import Storage
import Testing
import Timeline

@Suite("Read model of orders, whatever breaks")
struct ReadModelChaosTests {
    @Test(
        "it shows what a fresh replay shows, and each command was carried out once",
        arguments: 1...20 as ClosedRange<UInt64>)
    func chaos(seed: UInt64) throws {
        let path = NSTemporaryDirectory() + "orders-\(UUID().uuidString)"
        defer { for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) } }
        // Some in a file, which is opened again after each crash.
        var chaos = try ReadModelChaos(
            seed: seed, seed.isMultiple(of: 2) ? .sqlite : .memory, file: seed.isMultiple(of: 10) ? path : nil)
        try chaos.run(steps: 130)
        let (orders, customers) = (ReadModelChaos.orders, ReadModelChaos.customers)
        let shown = try chaos.side.rows(orders, customers)
        #expect(shown == (try ShownRows(chaos.shop.log, customers)))
        for backend in ReadModelBackend.allCases {
            var fresh = try ReadSide(backend)
            fresh.work(chaos.shop)
            #expect(try fresh.rows(orders, customers) == shown)
        }
        #expect(try chaos.side.projection.run.lag == 0 && chaos.side.model.setAside(in: 1).isEmpty)
        let events = chaos.shop.log.filter { $0.stream.category == "order" }
        #expect(Set(events.map(\.event.causation)).count == events.count, "one event for each command")
        #expect(events.allSatisfy { $0.event.correlation != nil && $0.event.causation != nil })
        #expect(events.count > 20 && chaos.crashes > 0)
    }
}
