import CQRS
import EventSourcing
import Foundation
import Orders
import Storage
import Testing
import Timeline

@Suite("Read model of orders in a file")
struct ReadModelFileTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private var path: String { folder.file("orders.db") }

    @Test("what was committed is there when the file is opened again, and the next run goes on behind it")
    func reopened() throws {
        var model = try SQLiteOrderReadModel(path: path)
        #expect(try OrderRecords.project(try OrderRecords.store(20), into: &model).totals.applied == 40)
        let before = try OrderRecords.shown(&model)
        try model.close()
        model = try SQLiteOrderReadModel(path: path)
        let after = try OrderRecords.shown(&model)
        #expect(after.rows == before.rows && after.spent == 20 * 2_500 && after.2 == Position(40))
        #expect(try OrderRecords.project(try OrderRecords.store(25), into: &model).totals.applied == 10)
        #expect(try OrderRecords.shown(&model).spent == 25 * 2_500)
    }

    @Test("names may hold anything that a name may, zeros too")
    func names() throws {
        var model = try SQLiteOrderReadModel(path: path)
        var memory = MemoryOrderReadModel()
        var store = MemoryEventStore()
        let quote = try Pricing.plain.quote([OrderLine(product: "cup", quantity: 2, unitPrice: 1_250)])
        let customers = ["c\0a", "c\0b", "'; DROP TABLE order_summary_1; --", "☂", "\u{feff}"]
        for (number, customer) in customers.enumerated() {
            let created = OrderEvent.created(.init(customer: customer, quote: quote, at: .zero))
            let event = EventData(
                id: EventID(high: 1, low: UInt64(number)), type: created.type, data: created.data)
            try store.append([event], to: try StreamName("order-'\(number)"), expecting: .any, at: .zero)
        }
        _ = try OrderRecords.project(store, into: &model)
        _ = try OrderRecords.project(store, into: &memory)
        for customer in customers {
            let kept = try model.read { rows, _ in try rows.stats(of: customer) }
            let other = try memory.read { rows, _ in try rows.stats(of: customer) }
            #expect(kept != nil && kept == other)
        }
    }

    @Test("others may read the file while it is written, and nobody changes it that way")
    func readers() throws {
        var model = try SQLiteOrderReadModel(path: path)
        _ = try OrderRecords.project(try OrderRecords.store(3), into: &model)
        var reader = try SQLiteOrderReadModel(path: path, isReadOnly: true)
        #expect(try OrderRecords.shown(&reader).2 == Position(6))
        _ = try OrderRecords.project(try OrderRecords.store(4), into: &model)
        #expect(try OrderRecords.shown(&reader).2 == Position(8))
        let run = try OrderRecords.project(try OrderRecords.store(5), into: &reader)
        #expect(run.totals.commitFailures == 1 && run.totals.applied == 0)
        #expect { _ = try reader.prepare(2, number: 1) } throws: { "\($0)".contains("may not be written") }
        #expect(throws: StorageError.absent(folder.file("none.db"), "read model")) {
            _ = try SQLiteOrderReadModel(path: folder.file("none.db"), isReadOnly: true)
        }
    }

    @Test("the views show the version that serves")
    func views() throws {
        var model = try SQLiteOrderReadModel(path: path)
        _ = try OrderRecords.project(try OrderRecords.store(2), into: &model)
        #expect(
            try folder.shell("SELECT id, customer, status, total FROM order_summary", path) == [
                "o0|c0|confirmed|25.0", "o1|c1|confirmed|25.0",
            ])
        #expect(
            try folder.shell("SELECT customer, orders, spent FROM customer_order_stats", path) == [
                "c0|1|25.0", "c1|1|25.0",
            ])
        #expect(try model.prepare(2, number: 1))
        #expect(try model.serve(from: 1, to: 2, number: 1) == .switched(at: Position(4)))
        #expect(try folder.shell("SELECT count(*) FROM order_summary", path) == ["0"])
        #expect(try model.drop(1, number: 1) == .withdrawn)
        #expect(try folder.shell("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%_1'", path) == [])
    }

    @Test("an event store is no read model, and is not touched")
    func foreign() throws {
        let store = try SQLiteEventStore(path: path)
        try store.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(throws: StorageError.foreign(path, "read model")) { _ = try SQLiteOrderReadModel(path: path) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("a closed read model says so")
    func closed() throws {
        let model = try SQLiteOrderReadModel(path: path)
        try model.close()
        #expect(throws: ReadModelError.self) { _ = try model.load(1) }
    }

}
