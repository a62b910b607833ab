import CQRS
import Testing
import Timeline

/// Vectors: Axon Framework, `JdbcTokenStoreTest.java` (AX); Emmett, `processorLock.unit.spec.ts` (EM).
@Suite("Segment claims")
struct SegmentClaimsTests {
    private func claims(_ count: Int, timeout: Duration = .seconds(10)) throws -> SegmentClaims {
        var claims = try SegmentClaims(timeout: timeout)
        try claims.initialize(count)
        return claims
    }

    @Test("AX: segments are made once")
    func once() throws {
        var claims = try claims(7)
        #expect(claims.segments.map(\.id) == [0, 1, 2, 3, 4, 5, 6])
        #expect(throws: SegmentClaims.Refusal.initialized) { try claims.initialize(7) }
    }

    @Test("AX: an unknown segment cannot be claimed, nor one that is another's until it is released")
    func claim() throws {
        var claims = try claims(1)
        let foreign = try Segment(id: 1, mask: 1)
        #expect(throws: SegmentClaims.Refusal.unknown(foreign)) { try claims.claim(foreign, by: 1, at: .zero) }
        try claims.claim(.root, by: 1, at: .zero)
        try claims.claim(.root, by: 1, at: .zero)
        #expect(throws: SegmentClaims.Refusal.heldBy(worker: 1)) { try claims.claim(.root, by: 2, at: .zero) }
        claims.release(.root, by: 2)
        #expect(claims.worker(of: .root) == 1)
        claims.release(.root, by: 1)
        try claims.claim(.root, by: 2, at: .zero)
        #expect(claims.isHeld(.root, by: 2))
    }

    @Test("AX: after a steal the old owner holds nothing, and its release does not free the thief's claim")
    func steal() throws {
        var claims = try claims(1, timeout: .seconds(5))
        try claims.claim(.root, by: 1, at: .zero)
        #expect(throws: SegmentClaims.Refusal.heldBy(worker: 1)) { try claims.claim(.root, by: 2, at: .ms(4_999)) }
        try claims.claim(.root, by: 2, at: .ms(5_000))
        #expect(!claims.isHeld(.root, by: 1))
        #expect(throws: SegmentClaims.Refusal.notHeld) { try claims.renew(.root, by: 1, at: .ms(5_000)) }
        claims.release(.root, by: 1)
        #expect(claims.worker(of: .root) == 2)
    }

    @Test(
        "EM: taken over after the time-out, not before, and with none at once",
        arguments: [(5_000, 0, false), (2_000, 3_000, true), (0, 0, true)] as [(Int64, Int64, Bool)])
    func takeOver(timeout: Int64, later: Int64, isTaken: Bool) throws {
        var claims = try claims(1, timeout: .milliseconds(timeout))
        try claims.claim(.root, by: 1, at: .zero)
        #expect((claims.claimNext(by: 2, at: .ms(later)) == .root) == isTaken)
    }

    @Test("a renewed claim stays, also on a clock that steps back")
    func renew() throws {
        var claims = try claims(1, timeout: .seconds(5))
        try claims.claim(.root, by: 1, at: .zero)
        try claims.renew(.root, by: 1, at: .ms(4_000))
        try claims.renew(.root, by: 1, at: .ms(1_000))
        #expect(claims.claimNext(by: 2, at: .ms(8_999)) == nil)
        #expect(claims.claimNext(by: 2, at: .ms(9_000)) == .root)
    }

    @Test("workers that take the next free segment in turn have all of them between them")
    func fairShare() throws {
        var claims = try claims(5)
        var taken: [UInt64: [UInt32]] = [:]
        for turn in 0..<6 as Range<UInt64> {
            let segment = claims.claimNext(by: turn % 2, at: .zero)
            if let segment { taken[turn % 2, default: []].append(segment.id) }
        }
        #expect(taken == [0: [0, 2, 4], 1: [1, 3]])
    }

    @Test("AX: a segment that was split or merged meanwhile is unknown")
    func splitAndMerge() throws {
        var claims = try claims(2)
        let (low, high) = (claims.segments[0], claims.segments[1])
        #expect(throws: SegmentClaims.Refusal.notHeld) { try claims.split(low, by: 1) }
        try claims.claim(low, by: 1, at: .zero)
        let halves = try claims.split(low, by: 1)
        #expect(claims.segments == [halves.low, high, halves.high])
        #expect([halves.low, halves.high].allSatisfy { claims.isHeld($0, by: 1) })
        #expect(throws: SegmentClaims.Refusal.unknown(low)) { try claims.claim(low, by: 2, at: .zero) }
        #expect(throws: SegmentClaims.Refusal.notHeld) { try claims.merge(high, by: 1) }
        try claims.merge(halves.high, by: 1)
        #expect(throws: SegmentClaims.Refusal.notHeld) { try claims.merge(low, by: 1) }
        try claims.claim(high, by: 1, at: .zero)
        #expect(try claims.merge(low, by: 1) == .root)
        #expect(claims.segments == [.root])
        #expect(throws: SegmentClaims.Refusal.atomic(.root)) { try claims.merge(.root, by: 1) }
    }
}
