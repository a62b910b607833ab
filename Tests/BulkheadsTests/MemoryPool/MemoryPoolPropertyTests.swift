import Bulkheads
import Testing
import Timeline

@Suite("Whatever happens to a memory pool")
struct MemoryPoolPropertyTests {
    @Test("the books equal the sum of what is alive, limits hold, evictions make up the deficit and no more")
    func randomWork() throws {
        for seed in UInt64(0)..<60 {
            var work = try RandomReservations(seed: seed)
            if let violation = try work.run(steps: 150) {
                Issue.record("seed \(seed): \(violation)")
                return
            }
        }
    }
}

/// Random reservations, releases, touches, new settings and clocks beside a plain list of what is alive.
private struct RandomReservations {
    private var random: RandomStream
    private var pool: MemoryPool
    private var now = Instant.zero
    private var live: [Live] = []
    private var dead: [MemoryPool.Reservation] = []
    private var uses = 0
    private var (reserved, released, evicted) = (0, 0, 0)
    private var peaks: [Int]

    struct Live {
        let reservation: MemoryPool.Reservation
        let owner: UInt64
        let level: Int
        var bytes: Int
        var priority: UInt8?
        var used: Int
    }

    init(seed: UInt64) throws {
        random = RandomStream(seed: seed, name: "pool", purpose: "memory")
        let children = try Self.children(&random, keeping: [])
        pool = MemoryPool(try Self.settings(&random, children))
        peaks = Array(repeating: 0, count: children.count + 1)
    }

    mutating func run(steps: Int) throws -> String? {
        for _ in 0..<steps {
            moveClock()
            if let violation = try step() ?? check() { return "\(violation): \(pool.settings)" }
        }
        return nil
    }

    private mutating func step() throws -> String? {
        switch random.below(100) {
        case ..<45: return reserve()
        case ..<70: return release()
        case ..<78: return touch()
        case ..<84: return hold()
        case ..<91: return resize()
        case ..<94: return evict()
        case ..<96: return releaseOwner()
        case ..<98: return charge()
        default: return try changeSettings()
        }
    }

    // MARK: The model

    private func limit(_ level: Int) -> Int {
        level == 0 ? pool.settings.limit : pool.settings.children[level - 1].limit
    }
    private func parent(_ level: Int) -> Int { (pool.settings.children[level - 1].parent ?? -1) + 1 }
    private func name(_ level: Int) -> MemoryPool.Level { level == 0 ? .pool : .child(level - 1) }
    private var levels: Int { pool.settings.children.count + 1 }

    private func isWithin(_ level: Int, _ ancestor: Int) -> Bool {
        var level = level
        while level != ancestor {
            if level == 0 { return false }
            level = parent(level)
        }
        return true
    }

    /// What a level is charged for these reservations, the naive way.
    private func charge(_ level: Int, _ live: [Live], _ bytes: Int = 0, at asked: Int = -1) -> Int {
        var base = live.reduce(0) { $0 + ($1.level == level ? $1.bytes : 0) } + (asked == level ? bytes : 0)
        for below in 1..<max(1, levels) where below != level && parent(below) == level && below > level {
            base += charge(below, live, bytes, at: asked)
        }
        let overhead = level == 0 ? 1 : pool.settings.children[level - 1].overhead
        return Int(Double(base) * overhead)
    }

    private func refuser(_ bytes: Int, _ asked: Int, _ live: [Live]) -> Int? {
        var level = asked
        while true {
            if limit(level) == 0 || charge(level, live, bytes, at: asked) > limit(level) { return level }
            if level == 0 { return nil }
            level = parent(level)
        }
    }

    private func precedes(_ a: Live, _ b: Live) -> Bool {
        switch pool.settings.eviction {
        case .leastRecentlyUsed: break
        case .largest: if a.bytes != b.bytes { return a.bytes > b.bytes }
        case .lowestPriority: if a.priority != b.priority { return a.priority ?? 0 < b.priority ?? 0 }
        }
        return a.used < b.used
    }

    private func victim(within level: Int, of live: [Live]) -> Live? {
        live.filter { $0.priority != nil && isWithin($0.level, level) }.min(by: precedes)
    }

    /// Who has to go for so many bytes more; nil if the request is to be refused.
    private func plan(_ bytes: Int, _ asked: Int, _ live: [Live]) -> [Live]? {
        if refuser(bytes, asked, live.filter { $0.priority == nil }) != nil { return nil }
        var left = live
        var plan: [Live] = []
        while let level = refuser(bytes, asked, left), let victim = victim(within: level, of: left) {
            plan.append(victim)
            left.removeAll { $0.reservation == victim.reservation }
        }
        return plan
    }

    private mutating func drop(_ evictions: [MemoryPool.Eviction]) {
        for eviction in evictions {
            live.removeAll { $0.reservation == eviction.reservation }
            dead.append(eviction.reservation)
        }
        evicted += evictions.count
    }

    // MARK: The steps

    private mutating func reserve() -> String? {
        let level = Int(random.below(UInt64(levels)))
        let bytes = size()
        let owner = random.below(6)
        let priority: UInt8? = random.chance(0.5) ? UInt8(random.below(3)) : nil
        let expected = bytes > 1 << 40 ? nil : plan(bytes, level, live)
        let hold = priority.map { MemoryPool.Hold.evictable(priority: $0) } ?? .pinned
        let before = pool
        switch pool.reserve(bytes, from: name(level), owner: owner, hold: hold, at: now) {
        case .reserved(let reservation, let change):
            guard let expected else { return "reserved \(bytes) from \(level)" }
            guard change.evicted.map(\.reservation) == expected.map(\.reservation) else { return "other evictions" }
            drop(change.evicted)
            uses += 1
            live.append(
                Live(reservation: reservation, owner: owner, level: level, bytes: bytes, priority: priority, used: uses)
            )
            reserved += 1
            var level = level
            while pool.used(by: name(level)) <= limit(level) {
                if level == 0 { return nil }
                level = parent(level)
            }
            return "above the limit after a success"
        case .refused(let refusal):
            guard expected == nil else { return "refused \(bytes) from \(level)" }
            guard case .limit = refusal.by else { return "refused by \(refusal.by)" }
            return unchanged(before) ? nil : "a refusal changed something"
        }
    }

    private mutating func charge() -> String? {
        let level = Int(random.below(UInt64(levels)))
        let bytes = Int(random.below(30))
        guard let reservation = pool.charge(bytes, to: name(level), owner: 99, at: now).reservation else {
            return "charge refused"
        }
        uses += 1
        reserved += 1
        live.append(Live(reservation: reservation, owner: 99, level: level, bytes: bytes, priority: nil, used: uses))
        return nil
    }

    private mutating func release() -> String? {
        if random.chance(0.2), !dead.isEmpty {
            let again = dead[Int(random.below(UInt64(dead.count)))]
            return pool.release(again, at: now) == nil ? nil : "released twice"
        }
        guard let index = pick() else { return nil }
        let gone = live.remove(at: index)
        dead.append(gone.reservation)
        released += 1
        return pool.release(gone.reservation, at: now)?.bytes == gone.bytes ? nil : "released other bytes"
    }

    private mutating func releaseOwner() -> String? {
        let owner = random.below(6)
        let gone = live.filter { $0.owner == owner }
        let release = pool.releaseAll(of: owner, at: now)
        live.removeAll { $0.owner == owner }
        dead += gone.map(\.reservation)
        released += gone.count
        let agrees = release.reservations == gone.count && release.bytes == gone.reduce(0) { $0 + $1.bytes }
        return agrees && pool.bytes(of: owner) == 0 ? nil : "an owner keeps something"
    }

    private mutating func touch() -> String? {
        guard let index = pick() else { return nil }
        uses += 1
        live[index].used = uses
        return pool.touch(live[index].reservation) ? nil : "cannot touch"
    }

    private mutating func hold() -> String? {
        guard let index = pick() else { return nil }
        live[index].priority = random.chance(0.5) ? UInt8(random.below(3)) : nil
        let hold = live[index].priority.map { MemoryPool.Hold.evictable(priority: $0) } ?? .pinned
        return pool.hold(live[index].reservation, as: hold) ? nil : "cannot hold"
    }

    private mutating func resize() -> String? {
        guard let index = pick() else { return nil }
        let (bytes, old) = (size(), live[index])
        var others = live
        others[index].priority = nil
        let isTooMuch = bytes > 1 << 40
        let expected = bytes <= old.bytes ? [] : isTooMuch ? nil : plan(bytes - old.bytes, old.level, others)
        switch pool.resize(old.reservation, to: bytes, at: now) {
        case nil:
            return "cannot resize"
        case .reserved(let same, let change):
            guard same == old.reservation, change.evicted.map(\.reservation) == expected?.map(\.reservation) else {
                return "other evictions for growth"
            }
            live[index].bytes = bytes
            drop(change.evicted)
            return nil
        case .refused:
            return expected == nil ? nil : "growth refused"
        }
    }

    private mutating func evict() -> String? {
        let level = Int(random.below(UInt64(levels)))
        let bytes = Int(random.below(120))
        let before = pool.usage(of: name(level))
        var left = live
        let charged = charge(level, live)
        let possible = charged - charge(level, live.filter { $0.priority == nil }) >= bytes
        guard let change = pool.evict(bytes, from: name(level), at: now) else {
            return !possible && pool.usage(of: name(level)) == before ? nil : "did not evict"
        }
        var expected: [MemoryPool.Reservation] = []
        while charged - charge(level, left) < bytes, let victim = victim(within: level, of: left) {
            expected.append(victim.reservation)
            left.removeAll { $0.reservation == victim.reservation }
        }
        drop(change.evicted)
        return possible && expected == change.evicted.map(\.reservation) ? nil : "evicted others"
    }

    private mutating func changeSettings() throws -> String? {
        let children = try Self.children(&random, keeping: pool.settings.children)
        guard let change = pool.changeSettings(try Self.settings(&random, children), at: now) else { return "refused" }
        drop(change.evicted)
        peaks += Array(repeating: 0, count: levels - peaks.count)
        for level in 0..<levels where victim(within: level, of: live) != nil {
            if pool.used(by: name(level)) > limit(level) { return "could still evict" }
        }
        return nil
    }

    // MARK: Checks

    private mutating func check() -> String? {
        guard pool.reservations == live.count else { return "\(pool.reservations) alive, not \(live.count)" }
        for level in 0..<levels {
            guard let usage = pool.usage(of: name(level)) else { return "no usage" }
            let below = live.filter { isWithin($0.level, level) }
            let charged = charge(level, live)
            guard usage.used == charged else { return "level \(level): \(usage.used) used, not \(charged)" }
            guard usage.bytes == below.reduce(0, { $0 + $1.bytes }) else { return "bytes" }
            guard usage.evictable == charged - charge(level, live.filter { $0.priority == nil }) else {
                return "evictable"
            }
            guard usage.reservations == below.count else { return "count" }
            peaks[level] = max(peaks[level], charged)
            guard usage.peak >= peaks[level] else { return "peak" }
        }
        let totals = pool.totals
        guard totals.reserved == reserved, totals.released == released, totals.evicted == evicted else {
            return "totals"
        }
        let alive = totals.reservedBytes - totals.releasedBytes - totals.evictedBytes
        return alive == live.reduce(0) { $0 + $1.bytes } ? nil : "total bytes"
    }

    private func unchanged(_ before: MemoryPool) -> Bool {
        (0..<levels).allSatisfy { pool.usage(of: name($0)) == before.usage(of: name($0)) }
            && live.allSatisfy { pool.entry(of: $0.reservation) == before.entry(of: $0.reservation) }
    }

    private mutating func pick() -> Int? { live.isEmpty ? nil : Int(random.below(UInt64(live.count))) }

    private mutating func size() -> Int { random.chance(0.02) ? .max : Int(random.below(40)) }

    private mutating func moveClock() {
        switch random.below(40) {
        case 0: now = Instant(nanoseconds: Int64(bitPattern: random.next()))
        case 1: now = random.chance(0.5) ? .distantFuture : Instant(nanoseconds: .min)
        default: now = now + .milliseconds(Int64(random.below(500)))
        }
        _ = pool.advance(to: now)
    }

    private static func children(
        _ random: inout RandomStream, keeping old: [MemoryPool.Child]
    ) throws -> [MemoryPool.Child] {
        let count = max(old.count, Int(random.below(5)))
        return (0..<count).map { position in
            let fresh: Int? = position > 0 && random.chance(0.4) ? Int(random.below(UInt64(position))) : nil
            let limits = [0, 50, 100, 150, MemoryPool.Settings.unlimited]
            let overheads = [1, 1.03, 2, 0.5, 0]
            return MemoryPool.Child(
                limit: random.chance(0.1) ? limits[Int(random.below(5))] : 100 + Int(random.below(100)),
                overhead: overheads[Int(random.below(5))], durability: random.chance(0.5) ? .transient : .permanent,
                parent: old.indices.contains(position) ? old[position].parent : fresh)
        }
    }

    private static func settings(
        _ random: inout RandomStream, _ children: [MemoryPool.Child]
    ) throws -> MemoryPool.Settings {
        try MemoryPool.Settings(
            limit: random.chance(0.1) ? MemoryPool.Settings.unlimited : 100 + Int(random.below(200)),
            children: children,
            eviction: MemoryPool.EvictionOrder.allCases[Int(random.below(3))],
            monitor: MemoryMonitor.Settings(window: .seconds(5), horizon: .seconds(9)))
    }
}
