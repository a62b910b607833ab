import Gateway
import Testing
import Timeline

@Suite("Patterns of paths")
struct PathPatternTests {
    @Test("a pattern is its segments")
    func segments() throws {
        let pattern = try PathPattern("/orders/{id}/items/*")
        #expect(pattern.segments == [.literal("orders"), .parameter("id"), .literal("items"), .rest])
        #expect(pattern.parameterNames == ["id", "*"] && pattern.description == "/orders/{id}/items/*")
        #expect(try PathPattern("/").segments == [.literal("")])
        #expect(try PathPattern("/a/").segments == [.literal("a"), .literal("")])
        #expect(try PathPattern("/caf%C3%A9/a-b.c_d~!$&'()+,;=:@").segments.count == 2)
    }

    static let noPatterns: [String] = [
        "", "orders", "*", "//", "/a//b", "/a/*/b", "/a*", "/*a", "/**", "/{}", "/{id", "/id}", "/{id}.json", "/x{id}",
        "/{i d}", "/{1a}", "/{a-b}", "/{é}", "/{id}/{id}", "/a b", "/a?b=1", "/a#b", "/é", "/a%", "/a%4", "/a%4g", "/.",
        "/a/../b", "/..", "/a\\b", "/a\nb", "/a\"", "/{{id}}", "/{a}{b}",
    ]

    @Test("what is no pattern is refused with its text", arguments: noPatterns)
    func refused(text: String) {
        let error = #expect(throws: SettingError.self) { try PathPattern(text) }
        #expect(error?.setting == "path" && error?.given == text)
    }

    @Test("segments, parameters and bytes have bounds")
    func bounds() throws {
        let names = (1...9).map { "/{p\($0)}" }
        #expect(try PathPattern(names.dropLast().joined()).parameterNames.count == 8)
        #expect(throws: SettingError.self) { try PathPattern(names.joined()) }
        #expect(try PathPattern(String(repeating: "/a", count: 32)).segments.count == 32)
        #expect(throws: SettingError.self) { try PathPattern(String(repeating: "/a", count: 33)) }
        #expect(throws: SettingError.self) { try PathPattern("/" + String(repeating: "a", count: 1_024)) }
    }
}
