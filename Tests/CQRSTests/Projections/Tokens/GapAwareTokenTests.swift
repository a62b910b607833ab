import CQRS
import EventSourcing
import Testing
import Timeline

/// Vectors: Axon Framework, `GapAwareTrackingTokenTest.java`. `10{1,5}` has seen all up to 10 but 1 and 5.
@Suite("Gap-aware tokens")
struct GapAwareTokenTests {
    static func token(_ text: String) throws -> GapAwareToken {
        let parts = text.split(separator: "{", omittingEmptySubsequences: false)
        let gaps = parts.dropFirst().first?.dropLast().split(separator: ",").compactMap { Int64($0) }
        let position = try #require(Int64(parts[0]))
        return try #require(GapAwareToken(Position(position), gaps: (gaps ?? []).map { Position($0) }))
    }

    private func text(_ token: GapAwareToken?) -> String {
        guard let token else { return "none" }
        let gaps = token.gaps.map(\.description).joined(separator: ",")
        return gaps.isEmpty ? "\(token.position)" : "\(token.position){\(gaps)}"
    }

    @Test(
        "advancing fills a gap or leaves new ones; anything else is an error",
        arguments: [
            ("0", 1, 10, "1"), ("10{1,5,6}", 5, 10, "10{1,6}"), ("10", 13, 10, "13{11,12}"),
            ("15{1,5,12}", 12, 10, "15{5}"), ("15{1,5,12}", 1, 10, "15{5,12}"), ("15{1,5,12}", 16, 10, "16{12}"),
            ("15{1,5,12}", 4, 10, "none"), ("15{1,5,12}", 15, 10, "none"),
            ("100{1,2,3,4,5,6,7,8,9}", 2, 0, "100{3,4,5,6,7,8,9}"),
        ] as [(String, Int64, Int, String)])
    func advance(before: String, to: Int64, reach: Int, after: String) throws {
        #expect(text(try Self.token(before).advanced(to: Position(to), reach: reach)) == after)
    }

    @Test("noMemoryLeakWhenJumpingLargeGaps: no more gaps than the reach, which has an end itself")
    func farJump() throws {
        let jumped = try #require(GapAwareToken(0).advanced(to: Position(.max), reach: 1_234))
        #expect(jumped.gaps.count == 1_234)
        #expect(jumped.position.number == .max)
        #expect(try #require(GapAwareToken(0).advanced(to: Position(.max), reach: -1)).gaps.isEmpty)
        let lowest = try #require(GapAwareToken(0, gaps: [Position(.min)]))
        #expect(lowest.lowerBound(GapAwareToken(Position(.min))).gaps.isEmpty)
        #expect(GapAwareToken(10, gaps: [10]) == nil, "a gap must lie below")
        #expect(GapAwareToken(10, gaps: [11]) == nil)
    }

    @Test("gapAwareTokenConcurrency: positions in any order add up")
    func anyOrder() throws {
        var random = RandomStream.any
        var rest = (0..<500).map { Position($0) }
        var token = GapAwareToken(-1)
        while !rest.isEmpty {
            let next = rest.remove(at: Int(random.below(UInt64(min(rest.count, 20)))))
            token = try #require(token.advanced(to: next, reach: .max))
        }
        #expect(text(token) == "499")
    }

    @Test(
        "covers: all that the other one has seen",
        arguments: [
            ("3{1}", "2{0,1}", true), ("3{1}", "4{2}", false), ("3{1}", "1", false), ("3", "3{1}", true),
            ("3", "3{2}", true), ("4{2}", "3", false), ("3", "4{2}", false), ("2{0,1}", "3{1}", false),
        ])
    func covers(one: String, other: String, isCovered: Bool) throws {
        #expect(try Self.token(one).covers(Self.token(other)) == isCovered)
    }

    @Test(
        "lowerBound: what both have seen, down past gaps",
        arguments: [
            ("3{1}", "4{2}", "3{1,2}"), ("3{1}", "2{0,1}", "2{0,1}"), ("3{1}", "1", "0"), ("4{2}", "2{0,1}", "-1"),
            ("10{7,8}", "8", "6"), ("10{7,8}", "7", "6"), ("10{7,8}", "9", "9{7,8}"), ("10{7,8}", "5", "5"),
            ("5{0,1}", "0", "-1"), ("15{3,7,8,12}", "3", "2"), ("15{3,7,8,12}", "12", "11{3,7,8}"),
        ])
    func lowerBound(one: String, other: String, both: String) throws {
        #expect(text(try Self.token(one).lowerBound(Self.token(other))) == both)
        #expect(text(try Self.token(other).lowerBound(Self.token(one))) == both)
    }

    @Test(
        "upperBound: what either has seen fills the other's gaps",
        arguments: [
            ("9", "10{9}", "10"), ("10{9}", "15{14,9,8}", "15{9,14}"), ("14", "15{14}", "15"),
            ("9{7,8}", "7", "9{8}"), ("9{7,8}", "6", "9{7,8}"), ("9{8}", "8", "9"), ("9", "9", "9"), ("9", "10", "10"),
            ("5{3,4}", "4{3}", "5{3}"), ("5{3,4}", "2", "5{3,4}"), ("5{3,4}", "3", "5{4}"),
        ])
    func upperBound(one: String, other: String, either: String) throws {
        #expect(text(try Self.token(one).upperBound(Self.token(other))) == either)
        #expect(text(try Self.token(other).upperBound(Self.token(one))) == either)
    }

    @Test("truncated gaps: tokens stay equal to and covered by the original")
    func truncation() throws {
        let token = try Self.token("15{14,9,8}")
        #expect(text(token.truncated(before: 7)) == "15{8,9,14}")
        #expect(text(token.truncated(before: 9)) == "15{9,14}")
        #expect(text(token.truncated(before: 10)) == "15{14}")
        #expect(text(token.truncated(before: 15)) == "15")
        #expect(token == token.truncated(before: 8))
        #expect(token.truncated(before: 9) == token)
        #expect(token.truncated(before: 9) == token.truncated(before: 8))
        #expect(token.covers(token.truncated(before: 10)))
        #expect(token.truncated(before: 10).covers(token))
        #expect(token != (try Self.token("15{14,13,8}")))
    }
}
