import CQRS
import EventSourcing
import Testing

/// Vectors: Axon Framework, `ReplayTokenTest.java` and `ReplayTokenWrappingComplexTokenTest.java`.
@Suite("Replay tokens")
struct ReplayTokenTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let seen: String
        /// What is asked: R for a replay, N for none, L for none since the replay lies behind.
        let positions: [Int64]
        let answers: String

        var testDescription: String { "reset at \(seen): \(positions) \(answers)" }
    }

    /// `3{2}&9` is a merge of two parts, `(3&5)&10` a nested one.
    static let cases: [Case] = [
        Case(seen: "7", positions: [5, 7, 8], answers: "RRL"),
        Case(seen: "5", positions: [0, 1, 2, 3, 4, 5, 6], answers: "RRRRRRL"),
        Case(seen: "10{7,8}", positions: [7, 8, 9, 10, 11], answers: "NNRRL"),
        Case(seen: "10{9}", positions: [8, 9, 10], answers: "RNR"),
        Case(seen: "15{3,4,9,10}", positions: [2, 3, 5, 15, 16], answers: "RNRRL"),
        Case(seen: "5{0}", positions: [0, 1], answers: "NR"),
        Case(seen: "5&10", positions: [3, 5, 7, 10, 11], answers: "RRNNL"),
        Case(seen: "3{2}&9", positions: [0, 1, 2, 3, 5, 9, 10], answers: "RRNRNNL"),
        Case(seen: "10&10", positions: [10, 11], answers: "RL"),
        Case(seen: "7{5}&10{5}", positions: [5, 6], answers: "NR"),
        Case(seen: "3&10{7}", positions: [3, 7], answers: "RN"),
        Case(seen: "(3&5)&10", positions: [3, 7, 11], answers: "RNL"),
    ]

    static func token(_ text: String) throws -> TrackingToken {
        if text.hasPrefix("("), let end = text.firstIndex(of: ")") {
            let inner = try token(String(text[text.index(after: text.startIndex)..<end]))
            return .merged(inner, try token(String(text[end...].dropFirst(2))))
        }
        let parts = try text.split(separator: "&").map { TrackingToken.plain(try GapAwareTokenTests.token(String($0))) }
        return parts.count == 1 ? parts[0] : TrackingToken(merging: parts[0], parts[1])
    }

    @Test("an event is a replay if every part had seen it; behind all that was seen it is over", arguments: cases)
    func replays(example: Case) throws {
        var token = ReplayToken(seen: try Self.token(example.seen))
        var answers = ""
        for number in example.positions {
            let position = Position(number)
            let current = try #require(token)
            let isReplay = current.isReplay(position)
            token = current.advanced(to: position)
            answers += isReplay ? "R" : token == nil ? "L" : "N"
        }
        #expect(answers == example.answers)
    }

    @Test("regularTokenIsProvidedWhenResetBeyondCurrentPosition, replayTokenIsProvidedWhenResetAtCurrentPosition")
    func starts() throws {
        #expect(ReplayToken(seen: TrackingToken(1), from: 2) == nil)
        let at = try #require(ReplayToken(seen: TrackingToken(2), from: 2))
        #expect(at.isReplay(2))
        #expect(try #require(ReplayToken(seen: TrackingToken(5))).position == .start)
    }

    @Test("concludesReplay: at what was seen last, and beyond")
    func concludes() throws {
        let token = try #require(ReplayToken(seen: TrackingToken(5)))
        #expect(try #require(token.advanced(to: 2)).isConcluded == false)
        #expect(try #require(token.advanced(to: 5)).isConcluded)
        #expect(token.advanced(to: 10) == nil, "then there is no replay any more")
        #expect(try #require(token.advanced(to: 4)?.advanced(to: 2)).position == 4)
    }
}
