import Caching
import Resilience
import Storage
import Testing
import Timeline

@Suite("A cache of levels against a dictionary")
struct LayeredModelTests {
    typealias Level = LayeredCache.Level

    /// What the origin holds for a key, and since when.
    struct Written {
        var number: UInt8?
        var at: Instant
    }

    @Test(
        "random reads, writes and failures: nothing outlives its end, or is older than the last write", arguments: 1...8
    )
    func random(seed: UInt64) throws {
        let fixture = try LayeredCacheFixture()
        var random = RandomStream(seed: seed, name: "layers", purpose: "operations")
        let reading = try ReadSettings(lifetime: .seconds(10), absence: .seconds(5))
        let promotion: PromotionRule = seed % 2 == 0 ? .always : .guide
        let writing: WriteStrategy = seed % 3 == 0 ? .writeAround : .writeThrough
        let placement: Placement = seed % 4 < 2 ? .guide : .everywhere
        let settings = try LayeredCacheSettings(
            reading: reading, promotion: promotion, placement: placement, writing: writing)
        var cache = try fixture.open(Level.allCases, settings)
        var origin: [String: Written] = [:]
        var now = Instant.zero
        for step in 0..<300 {
            now = now + .seconds(Int64(random.below(2)))
            let key = "\(random.below(12))"
            switch random.below(20) {
            case 0..<5:
                let written = Written(number: UInt8(step % 256), at: now)
                let tags = random.chance(0.5) ? ["t\(random.below(3))"] : []
                let value = [UInt8](repeating: UInt8(step % 256), count: random.chance(0.2) ? 2_000 : 1)
                try cache.set(key, value, tags: tags, at: now)
                origin[key] = written
            case 5:
                cache.remove(key, at: now)
                origin[key] = Written(number: nil, at: now)
            case 6: cache.remove(tagged: "t\(random.below(3))", at: now)
            case 7: fixture.network.isDown.toggle()
            case 8 where !fixture.network.isDown && cache.breaker(of: .node).state == .closed:
                // What the node was not told of, only the former cache knew.
                fixture.network.node = SharedCacheNode(fixture.network.node.settings)
                try cache.close()
                cache = try fixture.open(Level.allCases, settings, at: now)
            default:
                let expected = origin[key]?.number
                let answer = try cache.get(key, at: now) { _ in try expected.map { try LayeredCache.Loaded([$0]) } }
                let (number, source) = Self.parts(answer)
                let since = origin[key]?.at ?? .zero
                #expect(number == expected, "seed \(seed), operation \(step)")
                #expect(source?.isStale == false, "seed \(seed), operation \(step)")
                let age = source?.age ?? .maximum
                #expect(age < .seconds(expected == nil ? 5 : 10), "seed \(seed), operation \(step)")
                #expect(age <= now - since, "seed \(seed), operation \(step)")
            }
        }
        let hits = Level.allCases.map { cache.statistics(of: $0).hits }
        #expect(hits[0] > 0)
    }

    private static func parts(_ answer: LayeredCache.Answer) -> (UInt8?, LayeredCache.Source?) {
        switch answer {
        case .value(let bytes, let source): (bytes.first, source)
        case .absent(let source): (nil, source)
        case .busy: (nil, nil)
        }
    }
}
