import CQRS
import EventSourcing
import Testing

/// Vectors: Axon Framework, `MergedTrackingTokenTest.java` and `GlobalSequenceTrackingTokenTest.java`.
///
/// Two differences: a token that has seen nothing is `GapAwareToken(0)` here and null there, since events count from 1
/// here; and parts of a nested token that have come to the same place are merged at once.
@Suite("Tracking tokens")
struct TrackingTokenTests {
    private func merged(_ one: Position, _ other: Position) -> TrackingToken {
        .merged(TrackingToken(one), TrackingToken(other))
    }

    private var nested: TrackingToken { .merged(merged(1, 3), TrackingToken(5)) }

    @Test("mergedTokenCoversOriginal: what both parts have seen")
    func covers() {
        #expect([1, 2, 3].map { merged(1, 3).covers(GapAwareToken($0)) } == [true, false, false])
        #expect([1, 2, 3].map { merged(1, 3).hasSeen($0) } == [true, false, false])
    }

    @Test("upperBound: each part goes on by itself; when both are at the same place the merge is over")
    func upperBound() {
        #expect(merged(1, 3).upperBound(GapAwareToken(2)) == merged(2, 3))
        #expect(merged(1, 3).upperBound(GapAwareToken(3)) == TrackingToken(3))
        #expect(nested.upperBound(GapAwareToken(2)) == .merged(merged(2, 3), TrackingToken(5)))
        #expect(nested.upperBound(GapAwareToken(3)) == merged(3, 5))
        #expect(nested.upperBound(GapAwareToken(4)) == merged(4, 5))
    }

    @Test("lowerBound")
    func lowerBound() {
        #expect(merged(1, 3).lowerBound(GapAwareToken(2)) == merged(1, 2))
        #expect(merged(1, 3).lowerBound(GapAwareToken(1)) == TrackingToken(1))
        let nested = TrackingToken.merged(merged(1, 5), TrackingToken(3))
        #expect(nested.lowerBound(GapAwareToken(3)) == .merged(merged(1, 3), TrackingToken(3)))
        #expect(nested.lowerBound(GapAwareToken(2)) == .merged(merged(1, 2), TrackingToken(2)))
        #expect(nested.lowerBound(GapAwareToken(1)) == TrackingToken(1))
    }

    @Test("positionReportsLowestSegment, mergePosition")
    func positions() {
        #expect(merged(4, 3).position == 3)
        #expect(nested.position == 1)
        #expect(nested.mergePosition == 5)
        #expect(TrackingToken(4).mergePosition == 4)
    }

    @Test("coversWithNullTokens: parts that have seen nothing are one such part, and any advance replaces it")
    func nothing() {
        let nothing = TrackingToken(merging: TrackingToken(0), TrackingToken(0))
        #expect(nothing == TrackingToken(0))
        #expect(!nothing.covers(GapAwareToken(1)))
        #expect(nothing.upperBound(GapAwareToken(1)) == TrackingToken(1))
    }

    @Test("GlobalSequence: covers what is not later; bounds are the lesser and the greater")
    func plain() {
        let (one, two) = (GapAwareToken(1), GapAwareToken(2))
        #expect(two.covers(one) && two.covers(two) && !one.covers(two))
        #expect(one.lowerBound(two) == one && one.upperBound(two) == two)
    }
}
