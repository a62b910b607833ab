import CQRS
import EventSourcing
import Foundation
import Orders
import Storage
import Testing
import Timeline

@Suite("Read model of orders after a crash")
struct ReadModelCrashTests {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    private var path: String { folder.file("orders.db") }

    @Test(
        "a killed process, or a power cut, leaves whole batches, and the checkpoint fits the rows (C14)",
        arguments: [0.05, 0.3, 0.55, 0.8, 0.99, 1])
    func powerCut(share: Double) throws {
        var model = try SQLiteOrderReadModel(path: path)
        let store = try OrderRecords.store(60)
        _ = try OrderRecords.project(store, into: &model, batchSize: 7)
        let copy = folder.file("copy.db")
        for suffix in ["", "-wal"] {
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path + suffix))
            if suffix == "-wal" { bytes = bytes.prefix(Int(Double(bytes.count) * share)) }
            try bytes.write(to: URL(fileURLWithPath: copy + suffix))
        }
        // The file itself may not have been laid out yet; then it begins anew.
        var left = try SQLiteOrderReadModel(path: copy)
        let (rows, spent, checkpoint) = try OrderRecords.shown(&left)
        #expect(checkpoint.number == 120 || checkpoint.number.isMultiple(of: 7))
        #expect(rows.count == Int(checkpoint.number + 1) / 2 && spent == checkpoint.number / 2 * 2_500)
        #expect(share < 1 || checkpoint == Position(120))
        _ = try OrderRecords.project(store, into: &left)
        #expect(try OrderRecords.shown(&left).rows == (try OrderRecords.shown(&model).rows))
        try model.close()
    }

    @Test("a full disk: the batch is refused in one line, and what was committed is intact")
    func full() throws {
        let store = try OrderRecords.store(400)
        var model = try SQLiteOrderReadModel(path: path, maximumPages: 14)
        let run = try OrderRecords.project(store, into: &model)
        #expect(run.totals.commitFailures == 1)
        #expect(run.checkpoint.number > 50)
        let (rows, spent, checkpoint) = try OrderRecords.shown(&model)
        #expect(checkpoint == run.checkpoint && rows.count == Int(checkpoint.number + 1) / 2)
        #expect(spent == checkpoint.number / 2 * 2_500)
        try model.close()
        model = try SQLiteOrderReadModel(path: path)
        _ = try OrderRecords.project(store, into: &model, batchSize: 500)
        #expect(try OrderRecords.shown(&model).rows.count == 400)
    }

    @Test("a damaged file gives an error in one line or what is there, never a crash", arguments: 1...8)
    func damaged(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "damage", purpose: "test")
        var model = try SQLiteOrderReadModel(path: path)
        _ = try OrderRecords.project(try OrderRecords.store(40), into: &model)
        try model.close()
        var content = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        for _ in 0..<(1 + random.below(60)) {
            content[100 + Int(random.below(UInt64(content.count - 100)))] = UInt8(random.below(256))
        }
        try Data(content).write(to: URL(fileURLWithPath: path))
        do {
            var model = try SQLiteOrderReadModel(path: path)
            _ = try OrderRecords.shown(&model)
            _ = try model.setAside(in: 1)
            _ = try OrderRecords.project(try OrderRecords.store(70), into: &model)
        } catch let error as StorageError {
            #expect(!"\(error)".contains("\n"))
        } catch let error as ReadModelError {
            #expect(!"\(error)".contains("\n"))
        }
    }
}
