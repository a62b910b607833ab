import EventSourcing
import Testing
import Timeline

@Suite("Repository")
struct RepositoryTests {
    typealias Failure = Repository<Tally>.Failure

    private func command(_ number: Int) -> EventID { EventID(high: 5, low: UInt64(number)) }

    private func repository(every interval: Int? = nil, retries: Int = 3) throws -> Repository<Tally> {
        let policy = try interval.map { try SnapshotPolicy(every: $0) } ?? .never
        return try Repository(category: "tally", snapshots: policy, conflictRetries: retries)
    }

    @Test("what was decided is what is read back", arguments: Backend.allCases)
    func roundTrip(backend: Backend) throws {
        var store = try backend.makeStore()
        let repository = try repository()
        #expect(try repository.load(1, from: &store).version == nil)
        let first = try repository.decide(.add([1, 2]), on: 1, commandID: command(1), in: &store, at: .zero)
        #expect(first.events.map(\.number) == [1, 2] && first.version == StreamVersion(1) && first.root.sum == 3)
        try repository.decide(.add([4]), on: 1, commandID: command(2), correlation: command(9), in: &store, at: .ms(3))
        let loaded = try repository.load(1, from: &store)
        #expect(loaded.root.sum == 7 && loaded.version == StreamVersion(2) && loaded.eventsRead == 3)
        let last = try #require(try store.read(try StreamName("tally-1"), from: nil, .backward, limit: 1).events.first)
        #expect(last.event.causation == command(2) && last.event.correlation == command(9))
    }

    @Test("a command that comes again is known, however long ago it came first", arguments: Backend.allCases)
    func repeated(backend: Backend) throws {
        var store = try backend.makeStore()
        let repository = try repository(every: 2)
        for number in 1...10 {
            try repository.decide(.add([number, 0]), on: 1, commandID: command(number), in: &store, at: .zero)
        }
        let again = try repository.decide(.add([99]), on: 1, commandID: command(3), in: &store, at: .ms(9))
        #expect(again.wasDone && again.events.map(\.number) == [3, 0] && again.position == nil)
        #expect(try repository.load(1, from: &store).root.sum == 55)
    }

    @Test("a refused command appends nothing, and one that changes nothing neither", arguments: Backend.allCases)
    func refused(backend: Backend) throws {
        var store = try backend.makeStore()
        let repository = try repository()
        #expect(throws: Failure.refused(.negative(-2))) {
            try repository.decide(.add([1, -2]), on: 1, commandID: command(1), in: &store, at: .zero)
        }
        let nothing = try repository.decide(.add([]), on: 1, commandID: command(2), in: &store, at: .zero)
        #expect(nothing.events.isEmpty && nothing.version == nil)
        #expect(try store.logged() == [])
    }

    /// Source: Emmett's `handleCommand.unit.spec.ts`.
    @Test(
        "when somebody else was faster it is decided anew, as often as allowed",
        arguments: [
            (10, 1, true), (2, 2, true), (2, 3, false), (3, 3, true), (0, 1, false), (0, 0, true),
        ])
    func conflicts(retries: Int, rivals: Int, succeeds: Bool) throws {
        var store = TamperedStore()
        store.rivals = rivals
        let repository = try repository(retries: retries)
        do {
            let decided = try repository.decide(.add([1]), on: 1, commandID: command(1), in: &store, at: .zero)
            #expect(succeeds && decided.conflicts == rivals)
            #expect(decided.root.sum == 1_000 * rivals + 1)
        } catch Failure.store(.wrongVersion) {
            #expect(!succeeds)
        }
    }

    /// Source: pyeventsourcing, `test_application_with_automatic_snapshotting.py`: interval 5, an opened account and 12
    /// credits give snapshots at 5 and 10.
    @Test(
        "a snapshot at every multiple that is crossed, in a batch too",
        arguments: [
            (5, [1, 12], [5, 10]), (5, [13], [5, 10]), (5, [4, 1, 4, 1], [5, 10]), (10, [8, 3], [10]),
            (10, [8, 3, 3, 3, 3], [10, 20]), (1, [3], [1, 2, 3]), (20, [19], []),
        ])
    func snapshotPoints(interval: Int, batches: [Int], taken: [Int64]) throws {
        var store = TamperedStore()
        let repository = try repository(every: interval)
        for (number, size) in batches.enumerated() {
            let numbers = [Int](repeating: 1, count: size)
            try repository.decide(.add(numbers), on: 1, commandID: command(number), in: &store, at: .zero)
        }
        #expect(store.offered.map { $0 + 1 } == taken)
    }

    @Test("a snapshot saves reading: only what is behind it is read", arguments: Backend.allCases)
    func fromSnapshot(backend: Backend) throws {
        var store = try backend.makeStore()
        let repository = try repository(every: 10)
        for number in 1...23 {
            try repository.decide(.add([number]), on: 1, commandID: command(number), in: &store, at: .zero)
        }
        let loaded = try repository.load(1, from: &store)
        #expect(loaded.snapshot == StreamVersion(19) && loaded.eventsRead == 3)
        #expect(loaded.root.sum == 276 && loaded.root.count == 23)
    }

    @Test(
        "a snapshot that cannot be read counts as none: all events are read",
        arguments: [
            Array("nonsense".utf8), [], Array("1 2 3".utf8),
        ])
    func badSnapshot(data: [UInt8]) throws {
        var store = MemoryEventStore()
        let repository = try repository()
        for number in 1...10 {
            try repository.decide(.add([number]), on: 1, commandID: command(number), in: &store, at: .zero)
        }
        let stream = try StreamName("tally-1")
        store.save(Snapshot(stream: stream, version: StreamVersion(9), data: data, takenAt: .zero))
        let loaded = try repository.load(1, from: &store)
        #expect(loaded.root.sum == 55 && loaded.snapshot == nil && loaded.eventsRead == 10)
        let newer = Snapshot(
            stream: stream, version: StreamVersion(9), schema: 2, data: Array("7 7".utf8), takenAt: .zero)
        store.save(newer)
        #expect(try repository.load(1, from: &store).root.sum == 55, "nor does one of a form that is not known")
    }

    @Test("a snapshot that cannot be kept does not undo the command")
    func lostSnapshot() throws {
        var store = TamperedStore()
        store.losesSnapshots = true
        let repository = try repository(every: 2)
        let decided = try repository.decide(.add([1, 2, 3]), on: 1, commandID: command(1), in: &store, at: .zero)
        #expect(decided.snapshotsFailed == 1 && decided.root.sum == 6)
        #expect(try repository.load(1, from: &store).root.sum == 6)
    }

    @Test("a stream of more than a page is read to its end", arguments: [4_095, 4_096, 4_097, 10_000])
    func long(count: Int) throws {
        var store = MemoryEventStore()
        let repository = try repository()
        let ones = [Int](repeating: 1, count: count)
        try repository.decide(.add(ones), on: 1, commandID: command(1), in: &store, at: .zero)
        #expect(try repository.load(1, from: &store).root.sum == count)
        try repository.decide(.add([1]), on: 1, commandID: command(2), in: &store, at: .zero)
        #expect(try repository.load(1, from: &store).root.sum == count + 1)
    }

    @Test("a missing event stops reading: no state is better than a wrong one")
    func gap() throws {
        var store = TamperedStore()
        let repository = try repository()
        try repository.decide(.add([1, 2, 3, 4]), on: 1, commandID: command(1), in: &store, at: .zero)
        store.hidden = StreamVersion(2)
        let stream = try StreamName("tally-1")
        #expect(throws: Failure.gap(stream, expected: StreamVersion(2), found: StreamVersion(3))) {
            _ = try repository.load(1, from: &store)
        }
    }

    @Test(
        "an event that cannot be read is named",
        arguments: [
            (EventData(id: EventID(high: 1, low: 1), type: "Odd"), UnreadableEvent.unknownType("Odd")),
            (EventData(id: EventID(high: 1, low: 1), type: "Added", schema: 3), .newerForm("Added", schema: 3)),
            (EventData(id: EventID(high: 1, low: 1), type: "Added"), .undecodable("no number")),
        ])
    func unreadable(event: EventData, why: UnreadableEvent) throws {
        var store = MemoryEventStore()
        let stream = try StreamName("tally-1")
        try store.append([event], to: stream, expecting: .noStream, at: .zero)
        #expect(throws: Failure.unreadable(stream, .first, why)) {
            _ = try repository().load(1, from: &store)
        }
    }

    @Test("old forms of events and snapshots are brought to the newest on the way")
    func oldForms() throws {
        let upcasting = try Upcasting([
            Upcasting.Step(from: .init("Increased", 1), to: .init("Added", 2)) { $0 + "0".utf8 },
            Upcasting.Step(from: .init("tally", 0), to: .init("tally", 1)) { $0 + " 5".utf8 },
        ])
        let repository = try Repository<Tally>(category: "tally", upcasting: upcasting)
        var store = MemoryEventStore()
        let stream = try StreamName("tally-1")
        let old = EventData(id: EventID(high: 1, low: 1), type: "Increased", data: Array("7".utf8))
        try store.append([old], to: stream, expecting: .noStream, at: .zero)
        #expect(try repository.load(1, from: &store).root.sum == 70)
        store.save(Snapshot(stream: stream, version: .first, schema: 0, data: Array("8".utf8), takenAt: .zero))
        let loaded = try repository.load(1, from: &store)
        #expect(loaded.root.sum == 8 && loaded.root.count == 5 && loaded.snapshot == .first)
    }

    @Test(
        "a stream that was deleted for now begins anew; one that was truncated needs a snapshot",
        arguments: Backend.allCases)
    func newLife(backend: Backend) throws {
        var store = try backend.makeStore()
        let repository = try repository(every: 2)
        let stream = try StreamName("tally-1")
        try repository.decide(.add([1, 2, 3]), on: 1, commandID: command(1), in: &store, at: .zero)
        try store.truncate(stream, before: StreamVersion(2))
        #expect(try repository.load(1, from: &store).root.sum == 6, "the snapshot stands for what is hidden")
        try store.truncate(stream, before: StreamVersion(3))
        #expect(throws: Failure.truncated(stream, from: StreamVersion(3))) {
            _ = try repository.load(1, from: &store)
        }
        try store.delete(stream, for: .forNow, expecting: .any, at: .zero)
        #expect(try repository.load(1, from: &store).root == Tally())
        try repository.decide(.add([8]), on: 1, commandID: command(2), in: &store, at: .zero)
        let loaded = try repository.load(1, from: &store)
        #expect(loaded.root.sum == 8 && loaded.version == StreamVersion(3) && loaded.snapshot == StreamVersion(3))
    }

    @Test("settings and names out of range are refused")
    func settings() throws {
        #expect(throws: SettingError.self) { _ = try Repository<Tally>(category: "ta-lly") }
        #expect(throws: SettingError.self) { _ = try Repository<Tally>(category: "tally", conflictRetries: -1) }
        #expect(throws: SettingError.self) { _ = try SnapshotPolicy(every: 0) }
        var store = MemoryEventStore()
        #expect { _ = try repository().load("a\nb", from: &store) } throws: { "\($0)".contains("badName") }
    }
}
