import CQRS
import EventSourcing
import Testing
import Timeline

/// Vectors: Axon Framework, `SegmentTest.java`.
@Suite("Segments")
struct SegmentTests {
    private static func segment(_ id: UInt32, _ mask: UInt32) throws -> Segment { try Segment(id: id, mask: mask) }

    @Test(
        "segmentSplit: the first half keeps the id",
        arguments: [
            ((0, 0), (0, 1), (1, 1)), ((0, 1), (0, 3), (2, 3)), ((0, 3), (0, 7), (4, 7)), ((0, 7), (0, 15), (8, 15)),
            ((1, 1), (1, 3), (3, 3)), ((3, 3), (3, 7), (7, 7)),
            ((0, 0x3FFF_FFFF), (0, 0x7FFF_FFFF), (0x4000_0000, 0x7FFF_FFFF)),
        ] as [((UInt32, UInt32), (UInt32, UInt32), (UInt32, UInt32))])
    func split(whole: (UInt32, UInt32), low: (UInt32, UInt32), high: (UInt32, UInt32)) throws {
        let segment = try Self.segment(whole.0, whole.1)
        let halves = try #require(segment.split())
        #expect(halves.low == (try Self.segment(low.0, low.1)))
        #expect(halves.high == (try Self.segment(high.0, high.1)))
        #expect(halves.low.sibling == halves.high)
        #expect(halves.high.sibling == halves.low)
        #expect(halves.low.merged(with: halves.high) == segment)
        #expect(halves.high.merged(with: halves.low) == segment)
    }

    @Test("segmentSplitBeyondBoundary: the longest mask cannot be split; a mask must be ones, an id no more than it")
    func boundaries() throws {
        #expect(try Self.segment(0, 0x7FFF_FFFF).split() == nil)
        for (id, mask) in [(0, 2), (0, 5), (2, 1), (1, 0), (0, 0xFFFF_FFFF)] as [(UInt32, UInt32)] {
            #expect(throws: SettingError.self) { try Self.segment(id, mask) }
        }
    }

    @Test("mergeable: only the two halves of one segment; the root with itself")
    func mergeable() throws {
        let (low, high) = try #require(Segment.root.split())
        let (lowLow, lowHigh) = try #require(low.split())
        let parts = [Segment.root, low, high, lowLow, lowHigh]
        let pairs = parts.flatMap { one in parts.map { (one, $0) } }.filter { $0.merged(with: $1) != nil }
        #expect(
            pairs.map { "\($0) \($1)" } == ["0/0 0/0", "0/1 1/1", "1/1 0/1", "0/3 2/3", "2/3 0/3"])
        #expect(Segment.root.merged(with: .root) == .root)
    }

    @Test("segmentSplitNTimes, splitFromRootSegmentAlwaysYieldsSequentialSegmentIds: balanced, ids from 0")
    func balanced() throws {
        #expect(Segment.balanced(6).map(\.description) == ["0/7", "1/7", "2/3", "3/3", "4/7", "5/7"])
        for count in 1...300 {
            let segments = Segment.balanced(count)
            #expect(segments.map(\.id) == (0..<UInt32(count)).map { $0 })
            let sizes = segments.map { UInt64(1) << 32 / UInt64($0.mask + 1) }
            #expect(sizes.reduce(0, +) == 1 << 32, "they leave nothing out and do not overlap")
            #expect((sizes.max() ?? 0) <= 2 * (sizes.min() ?? 0))
        }
        #expect(Segment.balanced(0) == [.root])
        #expect(Segment.balanced(-3) == [.root])
    }

    @Test("computeSegment: the ids alone say which segments they are, also of uneven splits")
    func fromIDs() throws {
        for count in 1...256 {
            let segments = Segment.balanced(count)
            let ids = Set(segments.map(\.id))
            #expect(segments.map { Segment(id: $0.id, among: ids) } == segments)
        }
        var uneven: [Segment] = []
        var rest = Segment.root
        for _ in 0..<8 {
            let (low, high) = try #require(rest.split())
            uneven.append(high)
            rest = low
        }
        uneven.append(rest)
        let ids = Set(uneven.map(\.id))
        #expect(uneven.map { Segment(id: $0.id, among: ids) } == uneven)
        #expect(Segment(id: 3, among: [0, 1]) == nil)
        #expect(Segment(id: .max, among: [.max]) == nil)
    }

    @Test("itemsAssignedToOnlyOneSegment: every sequence is in one segment, and none is left nearly empty")
    func members() throws {
        var random = RandomStream.any
        for count in 1...20 {
            let segments = Segment.balanced(count)
            var sizes = Array(repeating: 0, count: count)
            for number in 0..<2_000 as Range<UInt64> {
                let keys = [SequenceKey(number), SequenceKey(random.next())]
                for key in keys {
                    let owners = segments.indices.filter { segments[$0].contains(key) }
                    #expect(owners.count == 1)
                    for owner in owners { sizes[owner] += 1 }
                }
            }
            #expect(sizes.allSatisfy { $0 > 4_000 / (4 * count) }, "\(sizes)")
        }
        #expect(try Self.segment(3, 7).matches(hash: 0b1011))
        #expect(try !Self.segment(3, 7).matches(hash: 0b0111))
        #expect(Segment.root.matches(hash: .max))
    }

    @Test("a stream has one key on every machine")
    func keys() throws {
        #expect(SequenceKey(try StreamName("order-4711")).number == 0xc949_07b2_b9e3_5104)
        #expect(SequenceKey(try StreamName("order-4711")) != SequenceKey(try StreamName("order-4712")))
    }
}
