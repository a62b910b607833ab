import EventSourcing
import Timeline

extension EventData {
    /// An event that is known by a small number.
    static func sample(_ number: Int, type: String = "Sampled", data: [UInt8]? = nil) -> EventData {
        EventData(
            id: EventID(high: 0, low: UInt64(number)), type: type, data: data ?? Array("\(number)".utf8))
    }

    /// The number of a sample.
    var number: Int { Int(id.low) }
}

extension [EventData] {
    /// Samples of these numbers.
    static func samples(_ numbers: some Sequence<Int>) -> [EventData] { numbers.map { .sample($0) } }
}

extension StreamName {
    /// A stream for a test.
    static func named(_ text: String) throws -> StreamName { try StreamName(text) }
}

extension Instant {
    /// So many milliseconds after the start.
    static func ms(_ count: Int64) -> Instant { .after(.milliseconds(count)) }
}

extension ExpectedVersion {
    /// That the last event is this one.
    static func at(_ version: Int64) -> ExpectedVersion { .exactly(StreamVersion(version)) }
}

extension EventStore {
    /// The numbers of the samples in a stream.
    mutating func numbers(in stream: StreamName) throws -> [Int] {
        try read(stream, from: nil, .forward, limit: PageSize.limit).events.map(\.event.number)
    }

    /// The numbers of the samples in the log, tombstones left out.
    mutating func logged(_ filter: LogFilter = .all) throws -> [Int] {
        let page = try readLog(filter, from: nil, .forward, limit: PageSize.limit)
        return page.events.filter { !$0.isTombstone }.map(\.event.number)
    }
}
