import Caching
import Testing
import Timeline

@Suite("Patterns of keys")
struct KeyPatternTests {
    @Test(
        "exact keys, prefixes and globs",
        arguments: [
            ("user:7", "user:7", true), ("user:7", "user:70", false), ("user:7", "user:", false), ("", "", true),
            ("", "a", false), ("user:*", "user:", true), ("user:*", "user:7:name", true), ("user:*", "users:7", false),
            ("*", "", true), ("*", "anything", true), ("*:name", "user:7:name", true), ("*:name", "user:name:7", false),
            ("user:?", "user:7", true), ("user:?", "user:", false), ("user:?", "user:70", false),
            ("u*r:*:n?me", "user:7:8:name", true), ("a**b", "ab", true), ("?*", "", false), ("a*a", "a", false),
            ("caf?", "café", true), ("*é?", "café!", true), ("?", "é", true),
        ])
    func matches(pattern: String, key: String, does: Bool) throws {
        #expect(try KeyPattern(pattern).matches(key) == does)
    }

    @Test("random patterns match what a naive matcher says")
    func naive() throws {
        var random = RandomStream(seed: 1, name: "globs", purpose: "texts")
        var matched = 0
        for _ in 0..<2_000 {
            let pattern = text(of: Array("aab*?"), 6, &random)
            let key = text(of: Array("ab"), 7, &random)
            let does = try KeyPattern(pattern).matches(key)
            #expect(does == Self.naive(Array(key)[...], Array(pattern)[...]), "\(pattern) on \(key)")
            if does { matched += 1 }
        }
        #expect(matched > 200)
    }

    private func text(of alphabet: [Character], _ most: UInt64, _ random: inout RandomStream) -> String {
        String((0..<random.below(most + 1)).map { _ in alphabet[Int(random.below(UInt64(alphabet.count)))] })
    }

    private static func naive(_ key: ArraySlice<Character>, _ glob: ArraySlice<Character>) -> Bool {
        guard let first = glob.first else { return key.isEmpty }
        if first == "*" {
            return naive(key, glob.dropFirst()) || !key.isEmpty && naive(key.dropFirst(), glob)
        }
        return (first == "?" && !key.isEmpty || first == key.first) && naive(key.dropFirst(), glob.dropFirst())
    }

    @Test("many stars take no longer than one", .timeLimit(.minutes(1)))
    func stars() throws {
        let pattern = try KeyPattern(String(repeating: "a*", count: 100) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 2_000)))
        #expect(pattern.matches(String(repeating: "a", count: 2_000) + "b"))
    }

    @Test("a key whose name holds signs of a glob can be named, and a pattern that is too long is refused")
    func limits() throws {
        let exact = try KeyPattern(exactly: "50%*")
        #expect(exact.matches("50%*") && !exact.matches("50%5"))
        #expect(throws: SettingError.self) { try KeyPattern(String(repeating: "a", count: 257)) }
        #expect(throws: SettingError.self) { try KeyPattern(exactly: String(repeating: "a", count: 257)) }
    }
}
