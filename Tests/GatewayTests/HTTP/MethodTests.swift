import Gateway
import Testing

@Suite("Methods")
struct MethodTests {
    @Test("what is safe is idempotent (RFC 9110, section 9.2.2)")
    func safe() {
        #expect(Method.allCases.filter(\.isSafe) == [.get, .head, .options])
        #expect(Method.allCases.filter(\.isIdempotent) == [.get, .head, .put, .delete, .options])
    }
}
