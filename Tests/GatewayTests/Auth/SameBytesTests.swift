import Gateway
import Testing
import Timeline

@Suite("Texts byte by byte")
struct SameBytesTests {
    @Test("key ids of any length differ in any of their bytes, and only then", arguments: 1...33)
    func lengths(length: Int) throws {
        let bytes = (0..<length).map { UInt8(97 + $0 % 26) }
        let keys = try KeySet([SigningKey(String(decoding: bytes, as: UTF8.self))])
        #expect(keys[String(decoding: bytes, as: UTF8.self)] != nil)
        for place in bytes.indices {
            var others = bytes
            others[place] = 0x2d
            #expect(keys[String(decoding: others, as: UTF8.self)] == nil)
        }
        #expect(keys[String(decoding: bytes.dropLast(), as: UTF8.self)] == nil)
        #expect(keys[String(decoding: bytes + [97], as: UTF8.self)] == nil)
    }
}
