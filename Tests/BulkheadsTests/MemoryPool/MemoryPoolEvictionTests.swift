import Bulkheads
import Testing
import Timeline

@Suite("Eviction")
struct MemoryPoolEvictionTests {
    /// A pool of 100 bytes with two children, filled by evictable reservations of the owners 1, 2 and so on.
    private static func filled(
        _ sizes: [(child: Int, bytes: Int, priority: UInt8)], order: MemoryPool.EvictionOrder = .leastRecentlyUsed
    ) throws -> (MemoryPool, [MemoryPool.Reservation]) {
        let settings = try MemoryPool.Settings(
            limit: 100, children: [.init(limit: 60), .init(limit: 60)], eviction: order)
        var pool = MemoryPool(settings)
        var reservations: [MemoryPool.Reservation] = []
        for (index, size) in sizes.enumerated() {
            let answer = pool.reserve(
                size.bytes, from: .child(size.child), owner: UInt64(index + 1),
                hold: .evictable(priority: size.priority), at: .zero)
            reservations.append(try #require(answer.reservation))
        }
        return (pool, reservations)
    }

    private static func evicted(_ answer: MemoryPool.Answer) -> [UInt64]? {
        guard case .reserved(_, let change) = answer else { return nil }
        return change.evicted.map(\.owner)
    }

    @Test("guide defect M1: the deficit is evicted, not the whole size, and the bytes are really free")
    func deficit() throws {
        var (pool, old) = try Self.filled([(0, 20, 0), (0, 20, 0), (0, 15, 0)])
        let answer = pool.reserve(25, from: .child(0), owner: 9, at: .zero)
        #expect(Self.evicted(answer) == [1])
        #expect(pool.used(by: .child(0)) == 60)
        #expect(pool.release(old[0], at: .zero) == nil, "an evicted reservation is dead")
        #expect(pool.totals(of: .child(0))?.evictedBytes == 20)
        #expect(pool.used(by: .pool) == 60)
    }

    @Test("the pool's deficit is made up by whoever comes first, the child's by its own alone")
    func levels() throws {
        var (pool, _) = try Self.filled([(0, 50, 0), (1, 50, 0)])
        #expect(pool.ownersEvicted(by: 10, from: .child(1)) == [1])
        #expect(pool.ownersEvicted(by: 10, from: .child(1)) == [2])
        #expect(pool.used(by: .pool) == 20)
    }

    @Test("if all that is evictable would not do, nothing goes")
    func allOrNothing() throws {
        var (pool, _) = try Self.filled([(0, 20, 0), (1, 20, 0)])
        _ = pool.reserve(35, from: .child(0), owner: 9, at: .zero)
        let refusal = pool.refusal(26, from: .child(0))
        #expect(refusal?.by == .limit(.child(0)))
        #expect(refusal?.used == 55)
        #expect(refusal?.wanted == 81)
        #expect(pool.totals.evicted == 0)
        #expect(pool.ownersEvicted(by: 25, from: .child(0)) == [1])
    }

    @Test("the least recently used goes first; a touch makes it the last")
    func leastRecentlyUsed() throws {
        var (pool, old) = try Self.filled([(0, 20, 0), (0, 20, 0), (0, 20, 0)])
        #expect(pool.touch(old[0]) == true)
        #expect(pool.ownersEvicted(by: 30, from: .child(0)) == [2, 3])
        #expect(pool.touch(old[0]) == true)
        #expect(pool.touch(old[1]) == false)
    }

    @Test("the largest goes first, so that fewest go")
    func largest() throws {
        var (pool, _) = try Self.filled([(0, 5, 0), (0, 30, 0), (0, 10, 0), (0, 15, 0)], order: .largest)
        #expect(pool.ownersEvicted(by: 25, from: .child(0)) == [2])
        #expect(pool.ownersEvicted(by: 25, from: .child(0)) == [4, 3])
    }

    @Test("the lowest priority goes first, among equals the least recently used")
    func lowestPriority() throws {
        var (pool, old) = try Self.filled(
            [(0, 10, 7), (0, 10, 1), (0, 10, 1), (0, 10, 255), (0, 10, 0)], order: .lowestPriority)
        #expect(pool.touch(old[1]) == true)
        #expect(pool.ownersEvicted(by: 40, from: .child(0)) == [5, 3, 2])
    }

    @Test("what is pinned while it is in use does not go")
    func pinning() throws {
        var (pool, old) = try Self.filled([(0, 30, 0), (0, 30, 0)])
        #expect(pool.hold(old[0], as: .pinned) == true)
        #expect(pool.usage(of: .child(0))?.evictable == 30)
        #expect(pool.refuser(31, from: .child(0)) == .limit(.child(0)))
        #expect(pool.ownersEvicted(by: 30, from: .child(0)) == [2])
        #expect(pool.hold(old[0], as: .evictable(priority: 0)) == true)
        #expect(pool.hold(old[1], as: .pinned) == false)
    }

    @Test("growth evicts others, never the one that grows")
    func growth() throws {
        var (pool, old) = try Self.filled([(0, 30, 0), (0, 30, 0)])
        let tooLarge = pool.resize(old[0], to: 61, at: .zero)
        #expect(tooLarge?.refusal != nil)
        let answer = pool.resize(old[0], to: 31, at: .zero)
        #expect(answer.flatMap(Self.evicted) == [2])
        #expect(pool.usage(of: .child(0))?.evictable == 31)
    }

    @Test("an operator frees so much or nothing")
    func order() throws {
        var (pool, _) = try Self.filled([(0, 20, 0), (1, 20, 0), (1, 20, 0)])
        #expect(pool.ownersEvicted(21, from: .child(0)) == nil)
        #expect(pool.ownersEvicted(20, from: .child(1)) == [2])
        #expect(pool.ownersEvicted(61, from: .pool) == nil)
        #expect(pool.ownersEvicted(0, from: .pool) == [])
        #expect(pool.ownersEvicted(21, from: .pool) == [1, 3])
        #expect(pool.ownersEvicted(1, from: .child(9)) == nil)
    }

    @Test("lower limits evict what they can; what is pinned stays, and nothing more comes")
    func resize() throws {
        var (pool, old) = try Self.filled([(0, 20, 0), (0, 20, 0), (1, 20, 0)])
        _ = pool.hold(old[1], as: .pinned)
        let tight = try MemoryPool.Settings(limit: 40, children: [.init(limit: 10, overhead: 2), .init(limit: 60)])
        let change = pool.changeSettings(tight, at: .zero)
        #expect(change?.evicted.map(\.owner) == [1, 3])
        #expect(pool.used(by: .child(0)) == 40, "20 with the new overhead")
        #expect(pool.used(by: .pool) == 40)
        #expect(pool.refusal(1, from: .child(0)) != nil)
        #expect(pool.freed(by: old[1]) == 20)
        #expect(pool.used(by: .pool) == 0)
    }

    @Test("children may be added; taken away or moved they may not")
    func structure() throws {
        var (pool, _) = try Self.filled([(0, 20, 0)])
        let more = try MemoryPool.Settings(
            limit: 100, children: [.init(limit: 60), .init(limit: 60), .init(limit: 9, parent: 0)])
        let change = pool.changeSettings(more, at: .zero)
        #expect(change?.evicted == [])
        #expect(pool.refusal(9, from: .child(2)) == nil)
        let fewer = try MemoryPool.Settings(limit: 100, children: [.init(limit: 60), .init(limit: 60)])
        let moved = try MemoryPool.Settings(limit: 100, children: [.init(limit: 60), .init(limit: 60, parent: 0)])
        let before = pool
        #expect(pool.changeSettings(fewer, at: .zero) == nil)
        #expect(pool.changeSettings(moved, at: .zero) == nil)
        #expect(pool == before)
    }
}
