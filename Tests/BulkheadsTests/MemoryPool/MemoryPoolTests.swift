import Bulkheads
import Testing
import Timeline

/// Vectors: Elasticsearch's HierarchyCircuitBreakerServiceTests (ES), in bytes as there.
@Suite("Memory pool")
struct MemoryPoolTests {
    static let mega = 1 << 20
    static let request = MemoryPool.Level.child(0)
    static let fieldData = MemoryPool.Level.child(1)

    /// The pool of the ES tests: 200 MB, and 150 MB each for requests and field data.
    static func elastic() throws -> MemoryPool {
        MemoryPool(
            try .init(
                limit: 200 * mega,
                children: [
                    .init(limit: 150 * mega, overhead: 1, durability: .transient),
                    .init(limit: 150 * mega, overhead: 1.03, durability: .permanent),
                ]))
    }

    @Test("ES testBorrowingSiblingBreakerMemory: a child borrows what its sibling leaves, until the pool is full")
    func borrowing() throws {
        var pool = try Self.elastic()
        let size = 50 * Self.mega
        #expect(pool.refusal(size, from: Self.fieldData) == nil)
        #expect(pool.refusal(size, from: Self.request) == nil)
        #expect(pool.refusal(size, from: Self.request) == nil)
        #expect(pool.used(by: Self.fieldData) == 54_001_664)
        #expect(pool.usage(of: Self.fieldData)?.bytes == size)
        #expect(pool.used(by: Self.request) == 2 * size)
        let refusal = pool.reserve(size, from: Self.request, owner: 2, at: .zero).refusal
        #expect(refusal?.by == .limit(.pool))
        #expect(refusal?.wanted == 157_286_400 + 54_001_664)
        #expect(refusal?.used == 2 * size + 54_001_664)
        #expect(refusal?.limit == 209_715_200)
        #expect(refusal?.durability == .transient)
        #expect(pool.used(by: Self.request) == 2 * size, "rolled back")
        #expect(pool.used(by: .pool) == 2 * size + 54_001_664)
        #expect(pool.totals(of: Self.request)?.refusedAbove == 1)
        #expect(pool.totals(of: Self.request)?.tripped == 0)
        #expect(pool.totals(of: .pool)?.tripped == 1)
    }

    @Test(
        "ES testTrippedCircuitBreakerDurability: most of what the children hold decides whether waiting helps",
        arguments: [
            (fieldData: 100, request: 70, durability: MemoryPool.Durability.permanent),
            (fieldData: 70, request: 120, durability: .transient),
        ])
    func durability(fieldData: Int, request: Int, durability: MemoryPool.Durability) throws {
        var pool = try Self.elastic()
        _ = pool.reserve(fieldData * Self.mega, from: Self.fieldData, owner: 0, at: .zero)
        _ = pool.reserve(request * Self.mega, from: Self.request, owner: 0, at: .zero)
        let refusal = pool.reserve(40 * Self.mega, from: Self.fieldData, owner: 0, at: .zero).refusal
        #expect(refusal?.by == .limit(.pool))
        #expect(refusal?.durability == durability)
    }

    @Test("ES testThreadedUpdatesToChildBreaker: a child refuses the byte above its limit, with its own durability")
    func childLimit() throws {
        let settings = try MemoryPool.Settings(
            limit: MemoryPool.Settings.unlimited, children: [.init(limit: 999, durability: .permanent)])
        var pool = MemoryPool(settings)
        for _ in 0..<999 { #expect(pool.refusal(1, from: .child(0)) == nil) }
        let refusal = pool.reserve(1, from: .child(0), owner: 0, at: .zero).refusal
        #expect(refusal?.by == .limit(.child(0)))
        #expect(refusal?.wanted == 1000)
        #expect(refusal?.durability == .permanent)
        #expect(pool.totals(of: .child(0))?.tripped == 1)
        #expect(pool.totals(of: .child(0))?.refusedHere == 1)
    }

    @Test("ES testThreadedUpdatesToChildBreakerWithParentLimit: below the child's limit the pool's stops it")
    func parentLimit() throws {
        var pool = MemoryPool(try .init(limit: 998, children: [.init(limit: 1008)]))
        var refusals = 0
        for _ in 0..<1000 where pool.refusal(1, from: .child(0)) != nil { refusals += 1 }
        #expect(pool.used(by: .child(0)) == 998)
        #expect(refusals == 2)
    }

    @Test("ES testParentBreaksOnRealMemoryUsage: with a measurement, the pool's limit holds for what is really used")
    func measured() throws {
        var pool = MemoryPool(try .init(limit: 200, children: [.init(limit: 350, overhead: 2)]))
        _ = pool.measure(0, at: .zero)
        #expect(pool.refusal(99, from: .child(0)) == nil)
        _ = pool.measure(150, at: .zero)
        #expect(pool.refusal(24, from: .child(0)) == nil)
        #expect(pool.used(by: .pool) == 198, "what was reserved since is added")
        _ = pool.measure(181, at: .zero)
        let refusal = pool.reserve(10, from: .child(0), owner: 0, at: .zero).refusal
        #expect(refusal?.by == .limit(.pool))
        #expect(refusal?.used == 181)
        #expect(refusal?.wanted == 201)
        #expect(refusal?.durability == .transient)
        #expect(pool.totals(of: .child(0))?.tripped == 0)
        #expect(pool.totals(of: .pool)?.tripped == 1)
        _ = pool.measure(100, at: .zero)
        #expect(pool.refusal(10, from: .child(0)) == nil)
        _ = pool.measure(nil, at: .zero)
        #expect(pool.used(by: .pool) == 266)
    }

    @Test("ES testAllocationBucketsBreaker: what is charged unasked counts, and then not even 0 bytes are reserved")
    func unasked() throws {
        var pool = MemoryPool(try .init(limit: 100, children: [.init(limit: MemoryPool.Settings.unlimited)]))
        let charged = pool.charge(200, to: .child(0), owner: 0, at: .zero)
        #expect(pool.used(by: .pool) == 200)
        #expect(pool.refuser(0, from: .child(0)) == .limit(.pool))
        let reservation = try #require(charged.reservation)
        _ = pool.release(reservation, at: .zero)
        #expect(pool.refusal(0, from: .child(0)) == nil)
    }

    @Test("ES ChildMemoryCircuitBreaker: a limit of 0 refuses everything; an overhead of 0 charges nothing")
    func zeros() throws {
        let unlimited = MemoryPool.Settings.unlimited
        var pool = MemoryPool(
            try .init(limit: unlimited, children: [.init(limit: 0), .init(limit: 10, overhead: 0)]))
        #expect(pool.refuser(0, from: .child(0)) == .limit(.child(0)))
        #expect(pool.refusal(1_000_000, from: .child(1)) == nil)
        #expect(pool.used(by: .child(1)) == 0)
        #expect(pool.usage(of: .child(1))?.bytes == 1_000_000)
    }

    @Test("guide defect M1: what is released is free again")
    func release() throws {
        var pool = try Self.elastic()
        for _ in 0..<100 {
            let answer = pool.reserve(140 * Self.mega, from: Self.request, owner: 7, at: .zero)
            let reservation = try #require(answer.reservation)
            let release = pool.release(reservation, at: .after(.seconds(2)))
            #expect(release?.bytes == 140 * Self.mega)
            #expect(release?.longestHeld == .seconds(2))
        }
        #expect(pool.used(by: .pool) == 0)
        #expect(pool.usage(of: .pool)?.peak == 140 * Self.mega)
        #expect(pool.totals.reservedBytes == pool.totals.releasedBytes)
    }

    @Test("a second release frees nothing, even if the place is taken again")
    func doubleRelease() throws {
        var pool = try Self.elastic()
        let granted = pool.granted(10, from: Self.request, owner: 1)
        let first = try #require(granted)
        #expect(pool.release(first, at: .zero) != nil)
        let again = pool.granted(20, from: Self.request, owner: 2)
        let second = try #require(again)
        #expect(first != second)
        #expect(pool.release(first, at: .zero) == nil)
        #expect(pool.entry(of: first) == nil)
        #expect(pool.used(by: Self.request) == 20)
        #expect(pool.release(MemoryPool.Reservation(number: .max), at: .zero) == nil)
        #expect(MemoryLayout<MemoryPool.Reservation>.size == 4)
    }

    @Test("a reservation grows if the limits allow it, shrinks always, and keeps its number")
    func resize() throws {
        var pool = MemoryPool(try .init(limit: 100, children: [.init(limit: 80)]))
        let granted = pool.granted(30, from: .child(0), owner: 1)
        let reservation = try #require(granted)
        let grown = pool.resize(reservation, to: 80, at: .zero)
        #expect(grown?.reservation == reservation)
        let tooLarge = pool.resize(reservation, to: 81, at: .zero)
        #expect(tooLarge?.refusal?.by == .limit(.child(0)))
        #expect(pool.entry(of: reservation)?.bytes == 80)
        let shrunk = pool.resize(reservation, to: 5, at: .zero)
        #expect(shrunk?.reservation == reservation)
        #expect(pool.used(by: .pool) == 5)
        #expect(pool.totals.reservedBytes - pool.totals.releasedBytes == 5)
        _ = pool.release(reservation, at: .zero)
        #expect(pool.resize(reservation, to: 5, at: .zero) == nil)
    }

    @Test("three levels: whoever refuses first on the way up says so, and nothing is charged below it")
    func tree() throws {
        let settings = try MemoryPool.Settings(
            limit: 100,
            children: [
                .init(limit: 60), .init(limit: 50, overhead: 1.5, parent: 0), .init(limit: 50, parent: 0),
            ])
        var pool = MemoryPool(settings)
        #expect(pool.refusal(20, from: .child(1)) == nil)
        #expect(pool.used(by: .child(0)) == 30)
        #expect(pool.used(by: .pool) == 30)
        #expect(pool.usage(of: .pool)?.bytes == 20)
        #expect(pool.refuser(31, from: .child(2)) == .limit(.child(0)))
        #expect(pool.used(by: .child(2)) == 0)
        #expect(pool.refusal(30, from: .child(2)) == nil)
        #expect(pool.refuser(41, from: .pool) == .limit(.pool))
        #expect(pool.refusal(40, from: .pool) == nil)
    }

    @Test("the oldest reservation and what an owner holds can be told; a crashed owner's memory comes back at once")
    func owners() throws {
        var pool = try Self.elastic()
        for step in 0..<10 {
            let level = step.isMultiple(of: 2) ? Self.request : Self.fieldData
            _ = pool.reserve(step + 1, from: level, owner: UInt64(step % 3), at: .after(.seconds(Int64(step))))
        }
        #expect(pool.oldest(from: .pool)?.since == .zero)
        #expect(pool.oldest(from: Self.fieldData)?.since == .after(.seconds(1)))
        #expect(pool.bytes(of: 0) == 1 + 4 + 7 + 10)
        let release = pool.releaseAll(of: 0, at: .after(.seconds(20)))
        #expect(release.reservations == 4)
        #expect(release.bytes == 22)
        #expect(release.longestHeld == .seconds(20))
        #expect(pool.bytes(of: 0) == 0)
        #expect(pool.oldest(from: .pool)?.owner == 1)
        #expect(pool.reservations == 6)
    }

    @Test("an unknown child is refused, and so are sizes beyond all measure")
    func absurd() throws {
        let unlimited = MemoryPool.Settings.unlimited
        var pool = MemoryPool(
            try .init(limit: unlimited, children: [.init(limit: unlimited, overhead: .greatestFiniteMagnitude)]))
        #expect(pool.refuser(1, from: .child(1)) == .noSuchChild)
        #expect(pool.refuser(1, from: .child(.min)) == .noSuchChild)
        #expect(pool.refuser(.max, from: .child(0)) == .limit(.child(0)))
        #expect(pool.refuser(1, from: .child(0)) == .limit(.child(0)))
        #expect(pool.refusal(0, from: .child(0)) == nil)
        #expect(pool.refusal(MemoryPool.most, from: .pool) == nil)
        #expect(pool.refuser(1, from: .pool) == .limit(.pool))
        let charged = pool.charge(.max, to: .pool, owner: 0, at: .zero)
        #expect(charged.refusal?.by == .limit(.pool))
        #expect(pool.refusal(.min, from: .pool) == nil)
        #expect(pool.used(by: .pool) == MemoryPool.most)
    }
}
