import Gateway
import Testing
import Timeline

@Suite("Bodies before they are read")
struct BodyRulesTests {
    @Test("a body of too many bytes is 413 (RFC 9110, section 15.5.14)")
    func tooLarge() throws {
        let rules = try BodyRules(mostBytes: 1_000)
        #expect(rules.refusal(bytes: 1_000, contentType: nil) == nil)
        let refusal = BodyRefusal.tooLarge(bytes: 1_001, most: 1_000)
        #expect(rules.refusal(bytes: 1_001, contentType: nil) == refusal && refusal.status == 413)
        #expect(try BodyRules().refusal(bytes: 1_048_577, contentType: nil)?.status == 413)
        #expect(try BodyRules(mostBytes: 0).refusal(bytes: 0, contentType: nil) == nil)
    }

    @Test(
        "another media type is 415 (RFC 9110, section 15.5.16); case and parameters make no difference (section 8.3.1)",
        arguments: [
            ("application/json", true), ("Application/JSON", true), ("application/json; charset=utf-8", true),
            ("application/json ;x", true), ("application/json\t", true), ("text/plain", true), ("TEXT/csv", true),
            ("text/", false), ("text", false), ("application/jsonp", false), ("application/jso", false),
            ("application/xml", false), ("", false), (";application/json", false), (nil, false), ("textt/x", false),
        ] as [(String?, Bool)])
    func contentTypes(type: String?, isAllowed: Bool) throws {
        let rules = try BodyRules(contentTypes: ["application/json", "Text/*"])
        let refusal = rules.refusal(bytes: 1, contentType: type)
        #expect((refusal == nil) == isAllowed)
        #expect(isAllowed || refusal?.status == 415)
        #expect(rules.refusal(bytes: 0, contentType: type) == nil)
    }

    @Test("fields that are not as the schema says are 400, with all that is wrong")
    func fields() throws {
        let rules = try BodyRules(schema: SchemaTests.order())
        #expect(rules.refusal(of: SchemaTests.good) == nil)
        let refusal = try #require(rules.refusal(of: []))
        let text = "customer: nothing; allowed: required; amount: nothing; allowed: required; "
        #expect(refusal.status == 400 && refusal.description == text + "price: nothing; allowed: required")
        #expect(try BodyRules().refusal(of: SchemaTests.good) == nil)
    }

    @Test("rules that cannot be are refused", arguments: ["json", "*/*", "a/b/c", "a/", "/b", "a /b", "a/b;c"])
    func refused(type: String) {
        #expect(throws: SettingError.self) { try BodyRules(contentTypes: [type]) }
        #expect(throws: SettingError.self) { try BodyRules(mostBytes: -1) }
    }
}
