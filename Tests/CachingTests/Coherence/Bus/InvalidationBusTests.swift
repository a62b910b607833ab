import Caching
import Testing
import Timeline

@Suite("Invalidation bus")
struct InvalidationBusTests {
    private var random = RandomStream(seed: 1, name: "bus", purpose: "latency")

    private func at(_ milliseconds: Int64) -> Instant { .after(.milliseconds(milliseconds)) }

    private func bus(
        loss: Double = 0, latency: Distribution = .constant(.milliseconds(5)), isInOrder: Bool = true,
        recovery capacity: Int? = 10
    ) throws -> InvalidationBus<Int> {
        let recovery = try capacity.map { try InvalidationRecovery(capacity: $0) }
        let settings = try InvalidationBusSettings(
            nodes: 3, latency: latency, loss: loss, isInOrder: isInOrder, recovery: recovery)
        return InvalidationBus(settings)
    }

    private let toAll = InvalidationDecision(.immediate, .all)
    private let toOthers = InvalidationDecision(.immediate, .others)

    @Test("a message reaches each receiver after its latency, and the writer itself at once")
    mutating func delivers() throws {
        var bus = try bus()
        let deliveries = bus.publish(.key(7), version: 3, toAll, from: 1, at: at(10), using: &random)
        #expect(deliveries.map(\.receiver) == [0, 1, 2])
        #expect(deliveries.map(\.at) == [at(15), at(10), at(15)])
        let first = InvalidationMessage<Int>(.key(7), version: 3, .immediate, sender: 1, sequence: 1)
        #expect(deliveries.allSatisfy { $0.message == first })
        #expect(bus.publish(.key(7), version: 4, toAll, from: 3, at: at(10), using: &random).isEmpty)
    }

    @Test("messages to each receiver are numbered without gaps, whoever else is told")
    mutating func numbers() throws {
        var bus = try bus()
        let decisions: [InvalidationDecision] = [toOthers, InvalidationDecision(.lazy, .none), toAll, toOthers]
        let deliveries = decisions.flatMap {
            bus.publish(.key(7), version: 3, $0, from: 0, at: .zero, using: &random)
        }
        #expect(deliveries.filter { $0.receiver == 2 }.map(\.message.sequence) == [1, 2, 3])
        #expect(deliveries.filter { $0.receiver == 0 }.map(\.message.sequence) == [1])
    }

    @Test("in order no message overtakes another between the same nodes; otherwise they do", arguments: [true, false])
    mutating func order(isInOrder: Bool) throws {
        var bus = try bus(latency: .uniform(least: .zero, most: .seconds(1)), isInOrder: isInOrder)
        var arrivals: [Instant] = []
        for version in 0..<50 as Range<UInt64> {
            let deliveries = bus.publish(
                .key(1), version: version, toOthers, from: 0, at: at(Int64(version)), using: &random)
            arrivals.append(deliveries[1].at)
        }
        #expect((arrivals == arrivals.sorted()) == isInOrder)
    }

    @Test("what a node misses is sent again after the delay: the last of each key, until it gets through")
    mutating func recovers() throws {
        var bus = try bus()
        bus.partitioned = [2]
        for (key, version) in [(1, 1), (2, 2), (1, 3)] as [(Int, UInt64)] {
            _ = bus.publish(.key(key), version: version, toOthers, from: 0, at: at(100), using: &random)
        }
        #expect(bus.waiting(for: 2) == 2 && bus.nextRetry == at(2_100) && bus.totals.superseded == 1)
        #expect(bus.retry(at: at(2_099), using: &random).isEmpty)
        #expect(bus.retry(at: at(2_100), using: &random).isEmpty && bus.nextRetry == at(4_100))
        bus.partitioned = []
        let again = bus.retry(at: at(4_100), using: &random)
        #expect(again.map(\.message.version) == [3, 2] && again.map(\.message.sequence) == [3, 2])
        #expect(again.allSatisfy { $0.receiver == 2 && $0.at == at(4_105) })
        #expect(bus.waiting(for: 2) == 0 && bus.nextRetry == nil)
    }

    @Test("a later message that only shortens a life does not take back a drop that was missed")
    mutating func strongest() throws {
        var bus = try bus()
        bus.partitioned = [2]
        for decision in [toOthers, InvalidationDecision(.ttl(.seconds(9)), .others)] {
            _ = bus.publish(.key(1), version: 4, decision, from: 0, at: .zero, using: &random)
        }
        bus.partitioned = []
        #expect(bus.retry(at: at(2_000), using: &random).map(\.message.strategy) == [.immediate])
    }

    @Test("a sender that stays cut off keeps back only what it has said itself")
    mutating func senders() throws {
        var bus = try bus()
        bus.partitioned = [1, 2]
        _ = bus.publish(.key(1), version: 4, toOthers, from: 0, at: .zero, using: &random)
        _ = bus.publish(.key(1), version: 5, toOthers, from: 1, at: .zero, using: &random)
        bus.partitioned = [1]
        #expect(bus.retry(at: at(2_000), using: &random).filter { $0.receiver == 2 }.map(\.message.version) == [4])
        #expect(bus.waiting(for: 2) == 1)
    }

    @Test("a node that misses more than is kept drops everything by itself when it is back")
    mutating func overflows() throws {
        var bus = try bus(recovery: 2)
        bus.partitioned = [2]
        for key in 1...4 {
            _ = bus.publish(.key(key), version: UInt64(10 - key), toOthers, from: 0, at: .zero, using: &random)
        }
        #expect(bus.waiting(for: 2) == 1 && bus.totals.overflows == 1)
        #expect(bus.retry(at: at(2_000), using: &random).isEmpty)
        bus.partitioned = []
        let again = bus.retry(at: at(4_000), using: &random)
        #expect(again.map(\.message.subject) == [.all] && again.map(\.message.version) == [9])
        #expect(again.map(\.message.strategy) == [.immediate] && again.map(\.at) == [at(4_000)])
    }

    @Test("what arrives at a node that was cut off meanwhile is kept for it")
    mutating func cutOffOnTheWay() throws {
        var bus = try bus()
        let deliveries = bus.publish(.key(1), version: 4, toOthers, from: 0, at: .zero, using: &random)
        bus.partitioned = [0, 2]
        let arrived = deliveries.map { bus.arrive($0, at: $0.at)?.version }
        #expect(arrived == [4, nil] && bus.waiting(for: 2) == 1 && bus.totals.cutOff == 1)
    }

    @Test("an older message that fails later does not take the place of a newer one")
    mutating func newest() throws {
        var bus = try bus()
        let former = bus.publish(.key(1), version: 4, toOthers, from: 0, at: .zero, using: &random)[1]
        bus.partitioned = [2]
        _ = bus.publish(.key(1), version: 5, toOthers, from: 0, at: at(1), using: &random)
        #expect(former.receiver == 2 && bus.arrive(former, at: former.at) == nil)
        #expect(bus.waiting(for: 2) == 1)
        bus.partitioned = []
        #expect(bus.retry(at: at(2_001), using: &random).map(\.message.version) == [5])
    }

    @Test("who asks for what it has missed is sent it at once, and nothing of that is lost")
    mutating func resync() throws {
        var bus = try bus(loss: 1)
        #expect(bus.publish(.key(1), version: 4, toOthers, from: 0, at: .zero, using: &random).isEmpty)
        #expect(bus.totals.lost == 2)
        #expect(bus.resync(2, at: at(1), using: &random).map(\.message.version) == [4])
        #expect(bus.resync(2, at: at(1), using: &random).isEmpty && bus.resync(9, at: at(1), using: &random).isEmpty)
    }

    @Test("without a recovery nothing is kept, and who has missed something drops everything by itself")
    mutating func withoutRecovery() throws {
        var bus = try bus(loss: 1, recovery: nil)
        _ = bus.publish(.key(1), version: 4, toOthers, from: 0, at: .zero, using: &random)
        #expect(bus.nextRetry == nil && bus.waiting(for: 2) == 0)
        let answer = bus.resync(2, at: at(1), using: &random)
        #expect(answer.map(\.message.subject) == [.all] && answer.map(\.message.version) == [4])
    }

    @Test("about as many messages are lost as the settings say")
    mutating func loss() throws {
        var bus = try bus(loss: 0.25)
        for key in 0..<1_000 {
            _ = bus.publish(.key(key), version: 1, toOthers, from: 0, at: .zero, using: &random)
        }
        #expect((400...600).contains(bus.totals.lost) && bus.totals.sent == 2_000)
    }

    @Test("settings out of range are refused by their names")
    func settings() throws {
        func refused(_ make: () throws -> Any) -> String? {
            do {
                _ = try make()
                return nil
            } catch { return (error as? SettingError)?.setting }
        }
        #expect(refused { try InvalidationBusSettings(nodes: 0, recovery: nil) } == "nodes")
        #expect(refused { try InvalidationBusSettings(nodes: 65, recovery: nil) } == "nodes")
        #expect(refused { try InvalidationBusSettings(nodes: 2, groups: [1], recovery: nil) } == "groups")
        #expect(refused { try InvalidationBusSettings(nodes: 2, loss: .nan, recovery: nil) } == "loss")
        #expect(refused { try InvalidationRecovery(delay: .zero) } == "delay")
        #expect(refused { try InvalidationRecovery(capacity: -1) } == "capacity")
        var bus = try bus()
        let other = try InvalidationBusSettings(nodes: 4, recovery: nil)
        #expect(refused { try bus.changeSettings(other) } == "nodes")
    }
}
