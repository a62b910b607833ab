import CQRS
import Testing
import Timeline

@Suite("Pages")
struct PageTests {
    @Test("a token says where its query goes on")
    func roundTrip() throws {
        var random = RandomStream(seed: 1, name: "pages", purpose: "tokens")
        for _ in 0..<500 {
            let after = (0..<random.below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let token = PageToken(
                fingerprint: random.next(), itemsBefore: Int(random.below(1 << 62)), after: after)
            #expect(try PageToken(token.text) == token)
        }
        #expect(PageToken(fingerprint: 1, itemsBefore: -5, after: []).itemsBefore == 0)
    }

    @Test("no token with another digit, or fewer or more of them, is one")
    func damaged() throws {
        let text = PageToken(fingerprint: 77, itemsBefore: 20, after: Array("2026-01-02/4711".utf8)).text
        let digits = Array(text)
        for place in digits.indices {
            for digit in "0a9gF é" where digit != digits[place] {
                var other = digits
                other[place] = digit
                #expect(throws: PageTokenError.self) { try PageToken(String(other)) }
            }
        }
        for count in 0..<text.count {
            #expect(throws: PageTokenError.self) { try PageToken(String(text.prefix(count))) }
        }
        #expect(throws: PageTokenError.damaged) { try PageToken(text + "00") }
        #expect(throws: PageTokenError.notAToken(position: text.count + 1)) { try PageToken(text + "0") }
        #expect(throws: PageTokenError.notAToken(position: 2)) { try PageToken("01zz") }
        #expect(throws: PageTokenError.notAToken(position: 0)) { try PageToken("") }
        #expect(throws: PageTokenError.otherVersion(2, known: 1)) { try PageToken("02" + text.dropFirst(2)) }
        #expect("\(PageTokenError.otherQuery)" == "page token: of another query; begin with the first page")
    }

    @Test("the fingerprint is of type, key and criteria, in whatever order they were given, and not of the page")
    func fingerprint() throws {
        let query = try Query("GetOrders", key: "7", criteria: ["status": "paid", "from": "monday"])
        let same = try Query(
            "GetOrders", key: "7", criteria: ["from": "monday", "status": "paid"], page: .init(size: 10))
        #expect(query.fingerprint == same.fingerprint && query != same)
        for other in [
            try Query("GetOrder", key: "7", criteria: ["status": "paid", "from": "monday"]),
            try Query("GetOrders", key: "8", criteria: ["status": "paid", "from": "monday"]),
            try Query("GetOrders", criteria: ["status": "paid", "from": "monday"]),
            try Query("GetOrders", key: "7", criteria: ["status": "paid"]),
            try Query("GetOrders", key: "7", criteria: ["status": "monday", "from": "paid"]),
        ] {
            #expect(other.fingerprint != query.fingerprint)
        }
        #expect(try Query("A", key: "").fingerprint != Query("A").fingerprint)
        #expect(throws: SettingError.self) { try Query("") }
    }

    @Test("a count that ended at a limit is a least")
    func counted() {
        #expect(PageTotal.counted(999, upTo: 1_000) == .exactly(999))
        #expect(PageTotal.counted(1_000, upTo: 1_000) == .atLeast(1_000))
        #expect(PageTotal.counted(5_000, upTo: 1_000) == .atLeast(1_000))
    }
}
