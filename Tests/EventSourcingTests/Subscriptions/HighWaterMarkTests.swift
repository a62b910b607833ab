import EventSourcing
import Testing
import Timeline

extension HighWaterMark {
    /// Looks at a log as a poller does: what is committed of it above the mark, and the last position that was drawn.
    fileprivate mutating func look(
        at committed: [Int64], drawn: Int64? = nil, _ now: Instant, oldestLive: Int64? = nil
    ) -> Int64 {
        for number in committed where number > mark.number { _ = self.committed(Position(number), at: now) }
        drew(upTo: Position(drawn ?? committed.last ?? 0), at: now)
        return advance(at: now, oldestLive: oldestLive.map { Position($0) }).number
    }
}

/// Vectors: Marten's daemon tests, `GapDetectorTest.cs` (GD), `detecting_the_high_water_mark.cs` (HW) and those of the bugs
/// that are named. What belongs to PostgreSQL alone, its sessions, locks and fences, is for whoever says which writers
/// live.
@Suite("High-water mark")
struct HighWaterMarkTests {
    private func mark(
        patience: Int64? = 500, cap: Int64? = nil, from: Int64 = 0, window: Int = 8_192
    ) throws -> HighWaterMark {
        let settings = try HighWaterMark.Settings(
            patience: patience.map { .milliseconds($0) }, cap: cap.map { .milliseconds($0) }, window: window)
        return HighWaterMark(settings, from: Position(from))
    }

    private func numbers(_ count: Int64, without holes: [Int64] = []) -> [Int64] {
        (1...count).filter { !holes.contains($0) }
    }

    @Test("GD, HW: an empty log, one without holes, and one that was read to its end")
    func contiguous() throws {
        var mark = try mark()
        #expect(mark.look(at: [], .zero) == 0)
        #expect(mark.look(at: numbers(200), .zero) == 200)
        #expect(mark.look(at: numbers(200), .zero) == 200)
        #expect(mark.nextSkip == nil)
        #expect(mark.skips.isEmpty)
    }

    @Test("GD, HW: the mark is before the first hole, however often asked", arguments: [[100, 150], [100, 105, 112]])
    func holes(_ holes: [Int64]) throws {
        var mark = try mark()
        #expect(mark.look(at: numbers(200, without: holes), .zero) == 99)
        #expect(mark.look(at: numbers(200, without: holes), .ms(499)) == 99)
        #expect(mark.nextSkip == .ms(500))
    }

    @Test("GD: a hole right behind the start holds it, until the patience is over")
    func startIsHole() throws {
        var mark = try mark(from: 50)
        let events = numbers(200, without: [51, 52, 53, 54, 55])
        #expect(mark.look(at: events, .zero) == 50)
        #expect(mark.look(at: events, .ms(500)) == 200)
    }

    @Test("HW: several holes that were seen at the same time are skipped in one go, each put on record")
    func oneCycle() throws {
        var mark = try mark()
        let events = numbers(200, without: [100, 105, 112, 167])
        #expect(mark.look(at: events, .zero) == 99)
        #expect(mark.look(at: events, .ms(200)) == 99)
        #expect(mark.look(at: events, .ms(700)) == 200)
        #expect(mark.skips.map(\.first.number) == [100, 105, 112, 167])
        #expect(mark.skips.allSatisfy { $0.first == $0.last && $0.at == .ms(700) && $0.reason == .patience })
        #expect(mark.skippedPositions == 4)
    }

    @Test("Bug_5108_dead_gap_span_clears_in_one_cycle: nine scattered holes")
    func scattered() throws {
        var mark = try mark()
        let events = numbers(40, without: [7, 9, 12, 13, 18, 25, 26, 31, 37])
        #expect(mark.look(at: events, .zero) == 6)
        #expect(mark.look(at: events, .ms(700)) == 40)
        #expect(mark.skippedPositions == 9)
        #expect(mark.skips.count == 7, "12 and 13 are one hole, and so are 25 and 26")
    }

    @Test("HW: positions that were drawn at the end and never used; later ones need a look of their own")
    func tail() throws {
        var mark = try mark()
        #expect(mark.look(at: numbers(100), drawn: 120, .zero) == 100)
        #expect(mark.look(at: numbers(100), drawn: 120, .ms(700)) == 120)
        #expect(mark.look(at: numbers(100), drawn: 140, .ms(700)) == 120)
        #expect(mark.look(at: numbers(100), drawn: 140, .ms(1_199)) == 120)
        #expect(mark.look(at: numbers(100), drawn: 140, .ms(1_200)) == 140)
    }

    @Test("positions that were seen shortly after one another are one hole, which counts from the last of them")
    func together() throws {
        var mark = try mark(patience: 640)
        mark.drew(upTo: Position(1), at: .zero)
        mark.drew(upTo: Position(2), at: .ms(9))
        mark.drew(upTo: Position(3), at: .ms(30))
        #expect(mark.advance(at: .ms(648)) == Position(0))
        #expect(mark.advance(at: .ms(649)) == Position(2))
        #expect(mark.advance(at: .ms(669)) == Position(2))
        #expect(mark.advance(at: .ms(670)) == Position(3))
    }

    @Test("however many looks there are while a hole stays open, none is skipped early, and none waits for ever")
    func manyLooks() throws {
        var mark = try mark(patience: 100)
        for look in 1...2_000 as ClosedRange<Int64> {
            mark.drew(upTo: Position(look), at: .ms(look * 2))
            #expect(mark.advance(at: .ms(look * 2), oldestLive: Position(1)) == Position(0))
        }
        // The last was seen at 4000 ms, and what it is counted with a little earlier.
        #expect(mark.advance(at: .ms(4_099)).number < 2_000)
        #expect(mark.advance(at: .ms(4_100)) == Position(2_000))
    }

    @Test("Bug_4953: a hole whose writer lives is held, however long; once it is gone the patience is all it takes")
    func liveWriter() throws {
        var mark = try mark(patience: 250)
        let events = numbers(12, without: [9])
        #expect(mark.look(at: events, .zero, oldestLive: 9) == 8)
        #expect(mark.look(at: events, .ms(700), oldestLive: 9) == 8)
        #expect(mark.look(at: events, .ms(60_000), oldestLive: 9) == 8)
        #expect(mark.skips.isEmpty)
        // It commits after all, and nothing was lost.
        var committed = mark
        #expect(committed.look(at: numbers(12), .ms(60_001)) == 12)
        #expect(committed.skippedPositions == 0)
        #expect(mark.look(at: events, .ms(60_001)) == 12)
        #expect(mark.skips.map(\.last) == [Position(9)])
        #expect(mark.skips.map(\.at) == [.ms(60_001)])
    }

    @Test("Bug_4953: far more drawn than used, held while their writer lives, then skipped to the very last of them")
    func manyDrawn() throws {
        var mark = try mark(patience: 250)
        #expect(mark.look(at: numbers(8), drawn: 5_009, .zero, oldestLive: 9) == 8)
        #expect(mark.look(at: numbers(8), drawn: 5_009, .ms(3_600_000), oldestLive: 9) == 8)
        #expect(mark.look(at: numbers(8), drawn: 5_009, .ms(3_600_001)) == 5_009)
        #expect(mark.skippedPositions == 5_001)
    }

    @Test("holes before the oldest that may still be filled are skipped, those from there on are not")
    func partlyLive() throws {
        var mark = try mark()
        #expect(mark.look(at: [1, 10], .zero, oldestLive: 5) == 1)
        #expect(mark.look(at: [1, 10], .ms(500), oldestLive: 5) == 4)
        #expect(mark.look(at: [1, 10], .ms(900), oldestLive: 5) == 4)
        #expect(mark.look(at: [1, 6, 10], .ms(901)) == 10)
        #expect(mark.skippedPositions == 7, "2 to 4, 5, and 7 to 9")
    }

    @Test(
        "Bug_4953_cap: a hole whose writer lives is skipped after the cap, and not before",
        arguments: [(500, 700, 12), (2_500, 400, 8), (600_000, 700, 8)] as [(Int64, Int64, Int64)])
    func cap(cap: Int64, at: Int64, expected: Int64) throws {
        var mark = try mark(patience: 250, cap: cap)
        let events = numbers(12, without: [9])
        _ = mark.look(at: events, .zero, oldestLive: 9)
        #expect(mark.look(at: events, .ms(at), oldestLive: 9) == expected)
        #expect(mark.skips.map(\.reason) == (expected == 12 ? [.cap] : []))
    }

    @Test("Bug_5091: the first position of all may be dead; setval: a sequence that was set far ahead")
    func ends() throws {
        var mark = try mark()
        #expect(mark.look(at: [2, 3, 4], .zero) == 0)
        #expect(mark.look(at: [2, 3, 4], .ms(500)) == 4)
        #expect(mark.look(at: [42, 43], .ms(500)) == 4)
        #expect(mark.look(at: [42, 43], .ms(1_000)) == 43)
    }

    @Test("a writer that gives its positions up is believed at once, and nobody else waits for it")
    func aborted() throws {
        var mark = try mark(patience: nil)
        mark.drew(upTo: Position(5), at: .zero)
        for number in [1, 3, 5] as [Int64] { #expect(mark.committed(Position(number), at: .zero) == .noted) }
        #expect(mark.mark == Position(1))
        #expect(mark.advance(at: .ms(1_000_000)) == Position(1), "without patience only the writers' word counts")
        #expect(mark.nextSkip == nil)
        #expect(mark.aborted(Position(2), at: .ms(1)) == .noted)
        #expect(mark.mark == Position(3))
        #expect(mark.aborted(Position(4), at: .ms(2)) == .noted)
        #expect(mark.mark == Position(5))
        #expect(mark.skips.map(\.reason) == [.aborted, .aborted])
    }

    @Test("a commit that comes after its position was skipped is refused: no reader would ever see it")
    func tooLate() throws {
        var mark = try mark()
        #expect(mark.look(at: [1, 3], .zero) == 1)
        #expect(mark.look(at: [1, 3], .ms(500)) == 3)
        #expect(mark.committed(Position(2), at: .ms(501)) == .behind)
        #expect(mark.wasSkipped(Position(2)))
        #expect(mark.committed(Position(3), at: .ms(501)) == .behind)
        #expect(!mark.wasSkipped(Position(3)), "it was only told of twice")
        #expect(mark.aborted(Position(2), at: .ms(501)) == .behind)
    }

    @Test("the first word about a position counts")
    func twice() throws {
        var mark = try mark()
        #expect(mark.committed(Position(2), at: .zero) == .noted)
        #expect(mark.aborted(Position(2), at: .zero) == .noted)
        #expect(mark.committed(Position(2), at: .zero) == .noted)
        #expect(mark.committed(Position(1), at: .zero) == .noted)
        #expect(mark.mark == Position(2))
        #expect(mark.skips.isEmpty)
    }

    @Test("memory is bounded: what is too far ahead has to be said again, and is not taken for a hole meanwhile")
    func window() throws {
        var mark = try mark(window: 64)
        #expect(mark.committed(Position(65), at: .zero) == .tooFar)
        #expect(mark.committed(Position(64), at: .zero) == .noted)
        #expect(mark.drawn == Position(64))
        #expect(mark.advance(at: .ms(500)) == Position(64))
        // 65 was committed all along. It was not noted, and so it was not seen as a hole either.
        #expect(mark.advance(at: .ms(5_000)) == Position(64))
        mark.drew(upTo: Position(66), at: .ms(5_000))
        #expect(mark.committed(Position(65), at: .ms(5_001)) == .noted)
        #expect(mark.mark == Position(65))
        #expect(mark.advance(at: .ms(5_500)) == Position(66))
    }

    @Test("what was too far comes near also by commits in order, one after another")
    func nearer() throws {
        var mark = try mark(window: 64)
        #expect(mark.committed(Position(100), at: .zero) == .tooFar)
        for number in 1...99 as ClosedRange<Int64> { #expect(mark.committed(Position(number), at: .zero) == .noted) }
        #expect(mark.committed(Position(101), at: .zero) == .noted)
        #expect(mark.committed(Position(100), at: .zero) == .noted)
        #expect(mark.mark == Position(101))
    }

    @Test("a jump far beyond the window takes one patience, not one for each window")
    func jump() throws {
        var mark = try mark(window: 64)
        #expect(mark.look(at: [1, 1_000_000, 1_000_002], .zero) == 1)
        #expect(mark.look(at: [1, 1_000_000, 1_000_002], .ms(500)) == 999_999)
        #expect(mark.look(at: [1, 1_000_000, 1_000_002], .ms(501)) == 1_000_000)
        #expect(mark.look(at: [1, 1_000_000, 1_000_002], .ms(1_001)) == 1_000_002)
        #expect(mark.skippedPositions == 999_998 + 1)
        var endless = try self.mark(window: 64)
        endless.drew(upTo: Position(.max), at: .zero)
        #expect(endless.advance(at: .ms(500)).number == .max)
        #expect(endless.committed(Position(.max), at: .ms(501)) == .behind)
    }

    @Test("the record of skipped holes is bounded, the count is not")
    func records() throws {
        var mark = HighWaterMark(try .init(patience: .zero, recordsKept: 3))
        #expect(mark.look(at: [2, 4, 6, 8, 10], .zero) == 10)
        #expect(mark.skips.map(\.first) == [5, 7, 9].map { Position($0) })
        #expect(mark.skippedPositions == 5)
    }

    @Test(
        "settings out of their ranges are refused",
        arguments: [(-1, nil, 64), (500, 499, 64), (500, nil, 63), (500, nil, 1 << 25)] as [(Int64?, Int64?, Int)])
    func settings(patience: Int64?, cap: Int64?, window: Int) {
        #expect(throws: SettingError.self) { try mark(patience: patience, cap: cap, window: window) }
    }

    @Test("a window that is no power of two is the next one")
    func rounding() throws {
        #expect(try HighWaterMark.Settings(window: 65).window == 128)
        #expect(try HighWaterMark.Settings(window: 128).window == 128)
    }
}
