import EventSourcing
import Testing
import Timeline

/// Many writers that draw positions, and then commit, give up, or vanish; a mark, and somebody who reads up to it.
private struct Writers {
    static let patience = Int64(100)

    var random: RandomStream
    var mark: HighWaterMark
    var now = Int64(0)
    var drawn = Int64(0)
    /// Who still writes, and until when it may.
    var open: [(position: Int64, until: Int64)] = []
    var committed: Set<Int64> = []
    /// What is committed and has to be said again.
    var untold: [Int64] = []
    var read: [Int64] = []
    var readUpTo = Int64(0)
    let tells: Bool

    init(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "writers", purpose: "test")
        let window = random.chance(0.5) ? 64 : 1_024
        tells = random.chance(0.5)
        mark = HighWaterMark(try .init(patience: .milliseconds(Self.patience), window: window))
        self.random = random
    }

    mutating func turn() {
        switch random.below(10) {
        case 0..<4: draw()
        case 4..<7: settle()
        default: now += Int64(random.below(20))
        }
        advance()
    }

    /// Everybody is gone: whatever is left is committed already or a hole for good.
    mutating func end() {
        now += 1_000
        while drawn > mark.mark.number, now < 1_000_000 {
            mark.drew(upTo: Position(drawn), at: .ms(now))
            advance()
            now += Self.patience
        }
    }

    private mutating func draw() {
        drawn += 1
        mark.drew(upTo: Position(drawn), at: .ms(now))
        // Slow writers take less than the patience, or say that they live.
        let length = tells && random.chance(0.1) ? 500 : Int64(random.below(UInt64(Self.patience)))
        open.append((drawn, now + length))
    }

    private mutating func settle() {
        guard !open.isEmpty else { return }
        let writer = open.remove(at: Int(random.below(UInt64(open.count))))
        switch random.below(6) {
        case 0: break
        case 1: _ = mark.aborted(Position(writer.position), at: .ms(now))
        default:
            committed.insert(writer.position)
            untold.append(writer.position)
        }
    }

    private mutating func tell(_ position: Int64) {
        if mark.committed(Position(position), at: .ms(now)) != .tooFar { untold.removeAll { $0 == position } }
    }

    private mutating func advance() {
        for position in untold { tell(position) }
        // One whose time is over is gone: it commits no more.
        open.removeAll { $0.until <= now }
        mark.advance(at: .ms(now), oldestLive: tells ? open.map { Position($0.position) }.min() : nil)
        while readUpTo < mark.mark.number {
            readUpTo += 1
            if committed.contains(readUpTo) { read.append(readUpTo) }
        }
    }
}

@Suite("High-water mark under random writers")
struct HighWaterMarkPropertyTests {
    @Test("no committed event is ever passed by, and nothing holds the mark for good")
    func promises() throws {
        var skipped = Int64(0)
        for seed in 0..<300 as Range<UInt64> {
            var writers = try Writers(seed: seed)
            for _ in 0..<400 { writers.turn() }
            writers.end()
            #expect(writers.read == writers.committed.sorted(), "seed \(seed)")
            #expect(writers.mark.mark.number == writers.drawn, "seed \(seed)")
            #expect(Int(writers.mark.skippedPositions) + writers.read.count == Int(writers.drawn), "seed \(seed)")
            skipped += writers.mark.skippedPositions
        }
        #expect(skipped > 1_000, "a test without holes shows nothing")
    }
}
