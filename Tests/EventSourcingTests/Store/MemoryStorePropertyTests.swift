import EventSourcing
import Storage
import Testing
import Timeline

/// Two stores that have nothing in common but the contract: whatever is done to both, they answer alike.
@Suite("Event store in memory, at random")
struct MemoryStorePropertyTests {
    private enum Step {
        case append, appendTogether, truncate, deleteForNow, deleteForEver, scavenge, readStream, readLog, find

        /// Most steps append, so that there is something to read.
        static let all: [Step] =
            [.append, .append, .append, .append, .append, .appendTogether, .truncate, .deleteForNow, .deleteForEver]
            + [.scavenge, .readStream, .readStream, .readLog, .readLog, .find]
    }

    /// A store, and what a step comes to in it.
    private struct Store<Base: EventStore> {
        var base: Base

        mutating func take(_ step: Step, _ random: inout RandomStream) throws -> AnyHashable {
            let (stream, other) = (try Self.stream(&random), try Self.stream(&random))
            do throws(EventStoreError) {
                switch step {
                case .append:
                    return try base.append([append(to: stream, &random)], at: .ms(random.number(below: 9)))
                case .appendTogether:
                    return try base.append([append(to: stream, &random), append(to: other, &random)], at: .zero)
                case .scavenge:
                    return try base.scavenge(upTo: Position(random.number(below: 200)))
                case .truncate, .deleteForNow, .deleteForEver:
                    return try hide(stream, step, &random)
                case .readStream, .readLog, .find:
                    return try read(stream, step, &random)
                }
            } catch {
                return error
            }
        }

        private mutating func hide(
            _ stream: StreamName, _ step: Step, _ random: inout RandomStream
        ) throws(EventStoreError) -> StreamState {
            if step == .truncate {
                try base.truncate(stream, before: StreamVersion(random.number(below: 30)))
            } else if step == .deleteForNow {
                try base.delete(stream, for: .forNow, expecting: .streamExists, at: .zero)
            } else if random.below(20) == 0 {
                try base.delete(stream, for: .forEver, expecting: .any, at: .zero)
            }
            return try base.state(of: stream)
        }

        private mutating func read(
            _ stream: StreamName, _ step: Step, _ random: inout RandomStream
        ) throws(EventStoreError) -> AnyHashable {
            let limit = Int(random.number(below: 5)) + 1
            let direction: ReadDirection = random.below(2) == 0 ? .forward : .backward
            switch step {
            case .readStream:
                let version = StreamVersion(random.number(below: 30) - 2)
                return try base.read(stream, from: version, direction, limit: limit)
            case .readLog:
                let filters: [LogFilter] = [.all, .category("order"), .category("user"), .types(["Even"])]
                let filter = filters[Int(random.below(4))]
                let start = random.below(3) == 0 ? nil : Position(random.number(below: 300) - 5)
                return try log(filter, from: start, direction, limit: limit)
            default:
                let id = EventID(high: 0, low: random.below(40))
                return try base.append(beginningWith: id, in: stream)
            }
        }

        /// All pages of the log; where each of them ends is up to the store.
        mutating func log(
            _ filter: LogFilter, from start: Position?, _ direction: ReadDirection, limit: Int
        ) throws(EventStoreError) -> [RecordedEvent] {
            var (events, place): ([RecordedEvent], Position?) = ([], start)
            while true {
                let page = try base.readLog(filter, from: place, direction, limit: limit)
                events += page.events
                if page.isEnd { return events }
                place = page.reached
            }
        }

        private static func stream(_ random: inout RandomStream) throws -> StreamName {
            let names = ["order-1", "order-2", "order-3", "user-1", "user-2"]
            return try StreamName(names[Int(random.below(5))])
        }

        /// Few ids, so that many an append is a repetition, or holds an id that the stream has already.
        private mutating func append(
            to stream: StreamName, _ random: inout RandomStream
        ) throws(EventStoreError) -> StreamAppend {
            let last = try base.state(of: stream).lastVersion
            let expectations: [ExpectedVersion] = [
                .any, .noStream, .streamExists, last.map { .exactly($0) } ?? .noStream,
                .exactly(StreamVersion(random.number(below: 20))),
            ]
            let expected = expectations[Int(random.below(5))]
            let first = Int(random.below(10)) * 4
            let count = random.below(4) == 0 ? Int(random.below(5)) : 4
            let events = (first..<first + count).map { EventData.sample($0, type: $0 % 2 == 0 ? "Even" : "Odd") }
            return StreamAppend(events, to: stream, expecting: expected)
        }
    }

    @Test("it answers as the store in a file does, and a copy keeps what it was", arguments: UInt64(1)...20)
    func likeTheFile(seed: UInt64) throws {
        var memory = Store(base: MemoryEventStore())
        var file = Store(base: try SQLiteEventStore(path: nil))
        var random = RandomStream(seed: seed, name: "stores", purpose: "steps")
        var copy: (store: Store<MemoryEventStore>, log: [RecordedEvent])?
        for number in 0..<400 {
            let step = Step.all[Int(random.below(UInt64(Step.all.count)))]
            if number == 200 { copy = (memory, try memory.log(.all, from: nil, .forward, limit: 9)) }
            var same = random
            let answer = try memory.take(step, &random)
            let expected = try file.take(step, &same)
            guard answer == expected else {
                Issue.record("seed \(seed), step \(number), \(step): \(answer) instead of \(expected)")
                return
            }
        }
        // A run in which one of these never came up would show nothing about it.
        let metrics = memory.base.metrics
        #expect(metrics.repeatedAppends > 0 && metrics.conflicts > 0 && metrics.eventsRead > 0, "\(metrics)")
        #expect(try copy?.store.log(.all, from: nil, .forward, limit: 9) == copy?.log)
    }
}

extension RandomStream {
    /// A number from 0 on.
    fileprivate mutating func number(below bound: UInt64) -> Int64 { Int64(below(bound)) }
}
