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

    /// A store with so many orders of two customers, each confirmed.
    private func store(_ orders: Int) throws -> MemoryEventStore {
        var store = MemoryEventStore()
        let repository = try Repository<Order>(category: OrderHandler.category)
        let quote = try Pricing.plain.quote([OrderLine(product: "cup", quantity: 2, unitPrice: 1_250)])
        for number in 0..<orders {
            let create = Order.Command.create(customer: "c\(number % 2)", quote)
            for (step, command) in [create, .confirm].enumerated() {
                try repository.decide(
                    command, on: "o\(number)", commandID: EventID(high: UInt64(step), low: UInt64(number)), in: &store,
                    at: .after(.seconds(Int64(number))))
            }
        }
        return store
    }

    /// Lets a projection deal with all that there is.
    private func project(
        _ store: MemoryEventStore, into model: inout some OrderReadModel, batchSize: Int = 10
    ) throws -> ProjectionRun {
        var store = store
        let settings = try ProjectionRun.Settings(batchSize: batchSize, linger: .zero, checkpointAfter: .zero)
        var projection = LocalProjection(settings, version: 1, at: .zero)
        _ = projection.work(on: &model, reading: &store, at: .zero)
        return projection.run
    }

    /// What is shown of two customers, with the checkpoint.
    private func shown(_ model: inout some OrderReadModel) throws -> (rows: [OrderSummary], spent: Int64, Position) {
        try model.read { rows, position in
            let orders = try ["c0", "c1"].flatMap { try rows.orders(of: $0, placedBefore: nil, limit: 10_000) }
            let spent = try ["c0", "c1"].map { try rows.stats(of: $0)?.spent ?? 0 }.reduce(0, +)
            return (orders.sorted { $0.placed < $1.placed }, spent, position)
        }
    }

    @Test("what was committed is there when the file is opened again, and the next run goes on behind it")
    func reopened() throws {
        var model = try SQLiteOrderReadModel(path: path)
        #expect(try project(try store(20), into: &model).totals.applied == 40)
        let before = try shown(&model)
        try model.close()
        model = try SQLiteOrderReadModel(path: path)
        let after = try shown(&model)
        #expect(after.rows == before.rows && after.spent == 20 * 2_500 && after.2 == Position(40))
        #expect(try project(try store(25), into: &model).totals.applied == 10)
        #expect(try shown(&model).spent == 25 * 2_500)
    }

    @Test(
        "a killed process, or a power cut, leaves whole batches, and the checkpoint fits the rows (C14)",
        arguments: [0.05, 0.3, 0.55, 0.8, 0.99, 1])
    func powerCut(share: Double) throws {
        var model = try SQLiteOrderReadModel(path: path)
        let store = try store(60)
        _ = try project(store, into: &model, batchSize: 7)
        let copy = folder.file("copy.db")
        for suffix in ["", "-wal"] {
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path + suffix))
            if suffix == "-wal" { bytes = bytes.prefix(Int(Double(bytes.count) * share)) }
            try bytes.write(to: URL(fileURLWithPath: copy + suffix))
        }
        // The file itself may not have been laid out yet; then it begins anew.
        var left = try SQLiteOrderReadModel(path: copy)
        let (rows, spent, checkpoint) = try shown(&left)
        #expect(checkpoint.number == 120 || checkpoint.number.isMultiple(of: 7))
        #expect(rows.count == Int(checkpoint.number + 1) / 2 && spent == checkpoint.number / 2 * 2_500)
        #expect(share < 1 || checkpoint == Position(120))
        _ = try project(store, into: &left)
        #expect(try shown(&left).rows == (try shown(&model).rows))
        try model.close()
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
        _ = try project(store, into: &model)
        _ = try project(store, into: &memory)
        for customer in customers {
            let kept = try model.read { rows, _ in try rows.stats(of: customer) }
            let other = try memory.read { rows, _ in try rows.stats(of: customer) }
            #expect(kept != nil && kept == other)
        }
    }

    @Test("others may read the file while it is written, and nobody changes it that way")
    func readers() throws {
        var model = try SQLiteOrderReadModel(path: path)
        _ = try project(try store(3), into: &model)
        var reader = try SQLiteOrderReadModel(path: path, isReadOnly: true)
        #expect(try shown(&reader).2 == Position(6))
        _ = try project(try store(4), into: &model)
        #expect(try shown(&reader).2 == Position(8))
        let run = try project(try store(5), into: &reader)
        #expect(run.totals.commitFailures == 1 && run.totals.applied == 0)
        #expect { _ = try reader.prepare(2, number: 1) } throws: { "\($0)".contains("may not be written") }
        #expect(throws: StorageError.absent(folder.file("none.db"), "read model")) {
            _ = try SQLiteOrderReadModel(path: folder.file("none.db"), isReadOnly: true)
        }
    }

    @Test("the views show the version that serves")
    func views() throws {
        var model = try SQLiteOrderReadModel(path: path)
        _ = try project(try store(2), into: &model)
        #expect(
            try shell("SELECT id, customer, status, total FROM order_summary", path) == [
                "o0|c0|confirmed|25.0", "o1|c1|confirmed|25.0",
            ])
        #expect(
            try shell("SELECT customer, orders, spent FROM customer_order_stats", path) == ["c0|1|25.0", "c1|1|25.0"])
        #expect(try model.prepare(2, number: 1))
        #expect(try model.serve(from: 1, to: 2, number: 1) == .switched(at: Position(4)))
        #expect(try shell("SELECT count(*) FROM order_summary", path) == ["0"])
        #expect(try model.drop(1, number: 1) == .withdrawn)
        #expect(try shell("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE '%_1'", path) == [])
    }

    private func shell(_ sql: String, _ path: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", path, sql]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map(String.init)
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

    @Test("a full disk: the batch is refused in one line, and what was committed is intact")
    func full() throws {
        let store = try store(700)
        var model = try SQLiteOrderReadModel(path: path, maximumPages: 16)
        let run = try project(store, into: &model)
        #expect(run.totals.commitFailures == 1)
        #expect(run.checkpoint.number > 50)
        let (rows, spent, checkpoint) = try shown(&model)
        #expect(checkpoint == run.checkpoint && rows.count == Int(checkpoint.number + 1) / 2)
        #expect(spent == checkpoint.number / 2 * 2_500)
        try model.close()
        model = try SQLiteOrderReadModel(path: path)
        _ = try project(store, into: &model, batchSize: 500)
        #expect(try shown(&model).rows.count == 700)
    }

    @Test("a damaged file gives an error in one line or what is there, never a crash", arguments: 1...12)
    func damaged(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "damage", purpose: "test")
        var model = try SQLiteOrderReadModel(path: path)
        _ = try project(try store(40), into: &model)
        try model.close()
        var content = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        for _ in 0..<(1 + random.below(60)) {
            content[100 + Int(random.below(UInt64(content.count - 100)))] = UInt8(random.below(256))
        }
        try Data(content).write(to: URL(fileURLWithPath: path))
        do {
            var model = try SQLiteOrderReadModel(path: path)
            _ = try shown(&model)
            _ = try model.setAside(in: 1)
            _ = try project(try store(70), into: &model)
        } catch let error as StorageError {
            #expect(!"\(error)".contains("\n"))
        } catch let error as ReadModelError {
            #expect(!"\(error)".contains("\n"))
        }
    }
}
