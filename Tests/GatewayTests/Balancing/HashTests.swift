import Gateway
import Testing
import Timeline

@Suite("XXH64, CRC-32 and the key of a request")
struct HashTests {
    /// What xxHash fills its buffer with: the upper bytes of 2 654 435 761 times powers of its first prime.
    static let buffer: [UInt8] = {
        var state: UInt64 = 2_654_435_761
        return (0..<222).map { _ in
            defer { state &*= 11_400_714_785_074_694_797 }
            return UInt8(state >> 56)
        }
    }()

    @Test(
        "XXH64: the vectors of xxHash's own check (cli/xsum_sanity_check.c)",
        arguments: [
            (0, 0, 0xef46_db37_51d8_e999), (0, 2_654_435_761, 0xac75_fda2_929b_17ef),
            (1, 0, 0xe934_a84a_db05_2768), (1, 2_654_435_761, 0x5014_6076_43a9_b4c3),
            (4, 0, 0x9136_a0dc_a574_57ee), (14, 0, 0x8282_dcc4_994e_35c8),
            (14, 2_654_435_761, 0xc3bd_6bf6_3deb_6df0), (222, 0, 0xb641_ae8c_b691_c174),
            (222, 2_654_435_761, 0x20cb_8ab7_ae10_c14a),
        ] as [(Int, UInt64, UInt64)])
    func xxhash(count: Int, seed: UInt64, expected: UInt64) {
        let bytes = Array(Self.buffer.prefix(count))
        #expect(XXH64.hash(bytes.span, seed: seed) == expected)
    }

    @Test("XXH64 of texts, as other implementations have it")
    func texts() {
        #expect(XXH64.hash("a") == 0xd24e_c4f1_a98c_6e5b)
        #expect(XXH64.hash("abc") == 0x44bc_2cf5_ad77_0999)
        #expect(XXH64.hash("Nobody inspects the spammish repetition") == 0xfbce_a83c_8a37_8bf1)
    }

    @Test(
        "CRC-32: the check value of the catalogue of CRCs and the usual texts, eight bytes at a time and one",
        arguments: [
            ("", 0), ("a", 0xe8b7_be43), ("abc", 0x3524_41c2), ("123456789", 0xcbf4_3926),
            ("message digest", 0x2015_9d7f), ("abcdefghijklmnopqrstuvwxyz", 0x4c27_50bd),
            ("The quick brown fox jumps over the lazy dog", 0x414f_a339),
        ] as [(String, UInt32)])
    func crc(text: String, expected: UInt32) {
        #expect(CRC32.of(text) == expected)
        // Byte by byte, which is the slow way.
        var sum = CRC32()
        for byte in text.utf8 { sum.mix([byte].span) }
        #expect(sum.value == expected)
    }

    @Test("a number counts as its four bytes, the least first")
    func number() {
        var number = CRC32()
        number.mix(0x6463_6261)
        #expect(number.value == CRC32.of("abcd"))
    }

    @Test("a request goes by its session, else by its path; an empty session is none")
    func key() throws {
        let rule = HashKey()
        #expect(rule.key(value: "s1", path: "/orders") == "s1")
        #expect(rule.key(value: nil, path: "/orders") == "/orders")
        #expect(rule.key(value: "", path: "/orders") == "/orders")
        let peer = try #require(IPAddress("192.0.2.1"))
        let headers = try Headers(["X-Session-ID": "s1", "X-Tenant-ID": "acme"])
        let request = try Request(.get, Target("/a/../b?c"), headers: headers, peer: peer, host: "h", receivedAt: .zero)
        #expect(rule.key(of: request) == "s1")
        #expect(HashKey(header: .xTenantID).key(of: request) == "acme")
        #expect(HashKey(header: .xRequestID).key(of: request) == "/b")
    }
}
