import EventSourcing
import Testing
import Timeline

@Suite("Persistent subscription, at random")
struct PersistentSubscriptionPropertyTests {
    /// What has become of each event, as its consumers see it.
    private struct World {
        var subscription: PersistentSubscription
        var random: RandomStream
        var held: [PersistentSubscription.Handout] = []
        var settled: Set<Int64> = []
        /// Once parked, an event may come out of order.
        var everParked: Set<Int64> = []
        var fed: Int64 = 0
        var now = Instant.zero
        let keepsOrder: Bool

        static func key(of position: Int64) -> UInt64 { UInt64(position % 7) }
    }

    @Test("nothing is lost, nothing settled twice, order is kept, and the checkpoint passes nothing", arguments: 1...30)
    func random(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "subscription", purpose: "test")
        let strategies: [PersistentSubscription.Strategy] = [.roundRobin, .single, .pinned]
        let keepsOrder = random.chance(0.5)
        let settings = try PersistentSubscription.Settings(
            strategy: strategies[Int(random.below(3))], keepsOrder: keepsOrder, answerTime: .milliseconds(50),
            retries: Int(random.below(4)), buffer: 20)
        var world = World(
            subscription: PersistentSubscription(settings), random: random, keepsOrder: keepsOrder)
        for _ in 0..<600 { step(&world) }
        drain(&world)
        let parked = Set(world.subscription.parked.map(\.position.number))
        #expect(parked.isDisjoint(with: world.settled))
        #expect(parked.union(world.settled) == Set(1...max(1, world.fed)))
        #expect(world.subscription.checkpoint == Position(world.fed))
    }

    private func step(_ world: inout World) {
        switch world.random.below(8) {
        case 0:
            if world.subscription.feed(Position(world.fed + 1), key: World.key(of: world.fed + 1)) { world.fed += 1 }
        case 1: _ = world.subscription.connect(UInt32(world.random.below(4)), capacity: 1 + Int(world.random.below(4)))
        case 2:
            guard world.random.chance(0.2) else { return }
            let gone = UInt32(world.random.below(4))
            if world.subscription.disconnect(gone, at: world.now) { world.held.removeAll { $0.consumer == gone } }
        case 3:
            world.now = world.now + .milliseconds(Int64(world.random.below(30)))
            world.subscription.expire(at: world.now)
        case 4: if world.random.chance(0.1) { world.subscription.replayParked(atMost: 2) }
        case 5: dispatch(&world)
        default: answer(&world)
        }
        world.everParked.formUnion(world.subscription.parked.map(\.position.number))
        let open = Set(1...max(1, world.fed)).subtracting(world.settled)
            .subtracting(world.subscription.parked.map(\.position.number))
        #expect(world.subscription.room >= 0 && world.subscription.room <= 20)
        #expect(
            open.count == Int(world.fed == 0 ? 1 : 0) + world.subscription.underWayCount
                + world.subscription.freshCount + world.subscription.againCount)
    }

    private func dispatch(_ world: inout World) {
        let handouts = world.subscription.dispatch(at: world.now)
        for handout in handouts { #expect(!world.settled.contains(handout.position.number)) }
        if world.keepsOrder {
            let keys = handouts.map { World.key(of: $0.position.number) }
            #expect(Set(keys).count == keys.count)
        }
        world.held += handouts
    }

    private func answer(_ world: inout World) {
        guard !world.held.isEmpty else { return }
        let handout = world.held.remove(at: Int(world.random.below(UInt64(world.held.count))))
        let (position, consumer) = (handout.position, handout.consumer)
        switch world.random.below(6) {
        case 0: world.subscription.refuse(position, by: consumer, .retry, at: world.now)
        case 1: world.subscription.refuse(position, by: consumer, .park, at: world.now)
        case 2: if world.subscription.refuse(position, by: consumer, .skip, at: world.now) { settle(position, &world) }
        default: if world.subscription.acknowledge(position, by: consumer) { settle(position, &world) }
        }
    }

    private func settle(_ position: Position, _ world: inout World) {
        #expect(world.settled.insert(position.number).inserted)
        if world.keepsOrder {
            let before = stride(from: position.number - 7, to: 0, by: -7)
            #expect(before.allSatisfy { world.settled.contains($0) || world.everParked.contains($0) })
        }
    }

    private func drain(_ world: inout World) {
        _ = world.subscription.connect(9, capacity: 100)
        for _ in 0..<100 {
            world.now = world.now + .milliseconds(100)
            world.subscription.expire(at: world.now)
            world.everParked.formUnion(world.subscription.parked.map(\.position.number))
            for handout in world.subscription.dispatch(at: world.now) where handout.consumer == 9 {
                if world.subscription.acknowledge(handout.position, by: 9) { settle(handout.position, &world) }
            }
            for consumer in 0...3 as ClosedRange<UInt32> { _ = world.subscription.disconnect(consumer, at: world.now) }
        }
    }
}
