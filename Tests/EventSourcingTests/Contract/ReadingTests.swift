import EventSourcing
import Testing
import Timeline

@Suite("Contract: reading")
struct ReadingTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let from: Int64?
        let direction: ReadDirection
        let limit: Int
        let numbers: [Int]
        let next: Int64?

        var testDescription: String { "\(limit) from \(from.map(String.init) ?? "end") \(direction)" }
    }

    /// Pages of a stream of five events, 0 to 4. Sources: KurrentDB's `read_event_stream_forward_should.cs` and
    /// `read_event_stream_backward_should.cs`.
    static let rows: [Row] = [
        Row(from: nil, direction: .forward, limit: 10, numbers: [0, 1, 2, 3, 4], next: nil),
        Row(from: nil, direction: .forward, limit: 5, numbers: [0, 1, 2, 3, 4], next: nil),
        Row(from: nil, direction: .forward, limit: 4, numbers: [0, 1, 2, 3], next: 4),
        Row(from: 4, direction: .forward, limit: 1, numbers: [4], next: nil),
        Row(from: 2, direction: .forward, limit: 2, numbers: [2, 3], next: 4),
        Row(from: 5, direction: .forward, limit: 2, numbers: [], next: nil),
        Row(from: .max, direction: .forward, limit: 2, numbers: [], next: nil),
        Row(from: -3, direction: .forward, limit: 2, numbers: [0, 1], next: 2),
        Row(from: nil, direction: .backward, limit: 10, numbers: [4, 3, 2, 1, 0], next: nil),
        Row(from: nil, direction: .backward, limit: 2, numbers: [4, 3], next: 2),
        Row(from: 2, direction: .backward, limit: 2, numbers: [2, 1], next: 0),
        Row(from: 0, direction: .backward, limit: 2, numbers: [0], next: nil),
        Row(from: .max, direction: .backward, limit: 1, numbers: [4], next: 3),
        Row(from: -1, direction: .backward, limit: 1, numbers: [], next: nil),
        Row(from: nil, direction: .forward, limit: 0, numbers: [0], next: 1),
        Row(from: nil, direction: .forward, limit: -7, numbers: [0], next: 1),
        Row(from: 1, direction: .forward, limit: .max, numbers: [1, 2, 3, 4], next: nil),
    ]

    @Test("pages of a stream", arguments: Backend.allCases, rows)
    func pages(backend: Backend, row: Row) throws {
        var store = try backend.makeStore()
        let stream = try StreamName("order-1")
        try store.append(.samples(0...4), to: stream, expecting: .noStream, at: .zero)
        let page = try store.read(
            stream, from: row.from.map { StreamVersion($0) }, row.direction, limit: row.limit)
        #expect(page.events.map(\.event.number) == row.numbers)
        #expect(page.next?.number == row.next)
        #expect(page.state.lastVersion == StreamVersion(4))
    }

    @Test("a stream without events has an empty page", arguments: Backend.allCases)
    func absent(backend: Backend) throws {
        var store = try backend.makeStore()
        for direction in [ReadDirection.forward, .backward] {
            let page = try store.read(try StreamName("order-1"), from: nil, direction, limit: 5)
            #expect(page == StreamPage(events: [], next: nil, state: .none))
        }
    }

    @Test("an event comes back as it was given, with its place and its time", arguments: Backend.allCases)
    func content(backend: Backend) throws {
        var store = try backend.makeStore()
        let stream = try StreamName("order-läden ☂")
        let event = EventData(
            id: EventID(high: .max, low: 1), type: "OrderCreated", schema: 3, data: [0, 255, 10, 39],
            metadata: [1, 2], correlation: EventID(high: 7, low: .max), causation: EventID(high: 0, low: 0))
        let bare = EventData(id: EventID(high: 2, low: 2), type: "OrderCreated")
        try store.append([event, bare], to: stream, expecting: .any, at: .ms(1_234))
        let page = try store.read(stream, from: nil, .forward, limit: 5)
        #expect(
            page.events == [
                RecordedEvent(
                    stream: stream, version: StreamVersion(0), position: Position(1), recordedAt: .ms(1_234),
                    event: event),
                RecordedEvent(
                    stream: stream, version: StreamVersion(1), position: Position(2), recordedAt: .ms(1_234),
                    event: bare),
            ])
        #expect(try store.readLog(.all, from: nil, .forward, limit: 5).events == page.events)
        #expect(try store.append(beginningWith: event.id, in: stream) == .first)
        #expect(try store.append(beginningWith: bare.id, in: stream) == nil)
    }

    /// A log of six: two orders and a payment take turns, at positions 1 to 6 with samples 1 to 6.
    private func interleaved(_ backend: Backend) throws -> any EventStore {
        var store = try backend.makeStore()
        let streams = try ["order-1", "payment-1", "order-2"].map { try StreamName($0) }
        for number in 1...6 {
            let type = number.isMultiple(of: 2) ? "Even" : "Odd"
            try store.append(
                [.sample(number, type: type)], to: streams[(number - 1) % 3], expecting: .any, at: .zero)
        }
        return store
    }

    struct LogRow: CustomTestStringConvertible, Sendable {
        let filter: LogFilter
        let from: Int64?
        let direction: ReadDirection
        let limit: Int
        let numbers: [Int]
        let reached: Int64
        let isEnd: Bool

        var testDescription: String { "\(filter), \(limit) from \(from.map(String.init) ?? "end") \(direction)" }
    }

    static let logRows: [LogRow] = [
        LogRow(
            filter: .all, from: nil, direction: .forward, limit: 9, numbers: [1, 2, 3, 4, 5, 6], reached: 6,
            isEnd: true),
        LogRow(filter: .all, from: 2, direction: .forward, limit: 2, numbers: [3, 4], reached: 4, isEnd: false),
        LogRow(filter: .all, from: 6, direction: .forward, limit: 2, numbers: [], reached: 6, isEnd: true),
        LogRow(filter: .all, from: 9, direction: .forward, limit: 2, numbers: [], reached: 9, isEnd: true),
        LogRow(filter: .all, from: nil, direction: .backward, limit: 2, numbers: [6, 5], reached: 5, isEnd: false),
        LogRow(filter: .all, from: 3, direction: .backward, limit: 9, numbers: [2, 1], reached: 1, isEnd: true),
        LogRow(
            filter: .category("order"), from: nil, direction: .forward, limit: 9, numbers: [1, 3, 4, 6], reached: 6,
            isEnd: true),
        LogRow(
            filter: .category("order"), from: 1, direction: .forward, limit: 1, numbers: [3], reached: 3, isEnd: false),
        LogRow(
            filter: .category("payment"), from: 2, direction: .forward, limit: 1, numbers: [5], reached: 6,
            isEnd: true),
        LogRow(
            filter: .category("none"), from: nil, direction: .forward, limit: 1, numbers: [], reached: 6, isEnd: true),
        LogRow(
            filter: .category("ord"), from: nil, direction: .forward, limit: 1, numbers: [], reached: 6, isEnd: true),
        LogRow(
            filter: .category("order"), from: 6, direction: .backward, limit: 2, numbers: [4, 3], reached: 3,
            isEnd: false),
        LogRow(
            filter: .types(["Even"]), from: nil, direction: .forward, limit: 9, numbers: [2, 4, 6], reached: 6,
            isEnd: true),
        LogRow(
            filter: .types(["Even"]), from: 2, direction: .forward, limit: 1, numbers: [4], reached: 4, isEnd: false),
        LogRow(filter: .types([]), from: nil, direction: .forward, limit: 9, numbers: [], reached: 6, isEnd: true),
    ]

    @Test("pages of the log, and how far each has reached", arguments: Backend.allCases, logRows)
    func log(backend: Backend, row: LogRow) throws {
        var store = try interleaved(backend)
        let page = try store.readLog(
            row.filter, from: row.from.map { Position($0) }, row.direction, limit: row.limit)
        #expect(page.events.map(\.event.number) == row.numbers)
        #expect(page.reached == Position(row.reached))
        #expect(page.isEnd == row.isEnd)
        #expect(page.from?.number == row.from)
        #expect(page.head == Position(6))
    }

    @Test("page after page, each reader gets what it wants once and in order", arguments: Backend.allCases)
    func paging(backend: Backend) throws {
        var store = try backend.makeStore()
        for number in 0..<300 {
            let stream = try StreamName(category: number.isMultiple(of: 7) ? "rare" : "common", id: number % 5)
            try store.append([.sample(number)], to: stream, expecting: .any, at: .zero)
        }
        for (filter, wanted) in [
            (LogFilter.all, Array(0..<300)), (.category("rare"), (0..<300).filter { $0.isMultiple(of: 7) }),
        ] {
            for direction in [ReadDirection.forward, .backward] {
                var (seen, from, pages): ([Int], Position?, Int) = ([], nil, 0)
                while true {
                    let page = try store.readLog(filter, from: from, direction, limit: 11)
                    seen += page.events.map(\.event.number)
                    from = page.reached
                    pages += 1
                    if page.isEnd || pages > 300 { break }
                }
                #expect(seen == (direction == .forward ? wanted : wanted.reversed()))
            }
        }
    }

    @Test(
        "message-db: a category is what stands before the first dash",
        arguments: [
            ("order-1", "order", "1"), ("order-1-2", "order", "1-2"), ("order", "order", nil), ("-1", "", "1"),
            ("order:command-1+2", "order:command", "1+2"),
        ])
    func categories(name: String, category: String, id: String?) throws {
        let stream = try StreamName(name)
        #expect(stream.category == category)
        #expect(stream.id.map(String.init) == id)
    }

    @Test("streams are listed in order of their names, page after page", arguments: Backend.allCases)
    func listing(backend: Backend) throws {
        var store = try backend.makeStore()
        for name in ["order-2", "payment-1", "order-10", "order-1", "orders-1"] {
            try store.append(.samples([0]), to: try StreamName(name), expecting: .any, at: .zero)
        }
        try store.delete(try StreamName("order-10"), for: .forNow, expecting: .any, at: .zero)
        try store.delete(try StreamName("orders-1"), for: .forEver, expecting: .any, at: .zero)
        let all = try store.streams(in: nil, after: nil, limit: 10).map(\.stream.text)
        #expect(all == ["order-1", "order-2", "payment-1"])
        #expect(try store.streams(in: "order", after: nil, limit: 1).map(\.stream.text) == ["order-1"])
        let rest = try store.streams(in: "order", after: try StreamName("order-1"), limit: 9)
        #expect(rest.map(\.stream.text) == ["order-2"])
        #expect(rest.map(\.state.lastVersion) == [.first])
    }
}
