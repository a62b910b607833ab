import EventSourcing
import Timeline

/// An aggregate for tests: it adds up numbers, and refuses negative ones.
struct Tally: Aggregate {
    enum Command: Hashable, Sendable { case add([Int]) }
    enum Refusal: Error, Equatable { case negative(Int) }

    struct Added: StoredEvent {
        let number: Int
        let schema: Int
        var type: String { "Added" }
        var data: [UInt8] { Array("\(number)".utf8) }

        init(_ number: Int, schema: Int = 2) {
            self.number = number
            self.schema = schema
        }

        init(_ event: EventData) throws(UnreadableEvent) {
            guard event.type == "Added" else { throw .unknownType(event.type) }
            guard event.schema <= 2 else { throw .newerForm(event.type, schema: event.schema) }
            guard let number = Int(String(decoding: event.data, as: UTF8.self)) else {
                throw .undecodable("no number")
            }
            self.init(number, schema: event.schema)
        }
    }

    private(set) var sum = 0
    private(set) var count = 0

    init() {}

    func decide(_ command: Command, at now: Instant) throws(Refusal) -> [Added] {
        guard case .add(let numbers) = command else { return [] }
        if let negative = numbers.first(where: { $0 < 0 }) { throw .negative(negative) }
        return numbers.map { Added($0) }
    }

    mutating func evolve(_ event: Added) {
        sum += event.number
        count += 1
    }

    static var snapshotSchema: Int { 1 }

    var snapshotData: [UInt8] { Array("\(sum) \(count)".utf8) }

    init?(snapshotData: [UInt8]) {
        let numbers = String(decoding: snapshotData, as: UTF8.self).split(separator: " ").map { Int($0) }
        guard numbers.count == 2, let sum = numbers[0], let count = numbers[1] else { return nil }
        self.sum = sum
        self.count = count
    }
}
