import Caching
import Testing
import Timeline

@Suite("Cache envelope")
struct CacheEnvelopeTests {
    private func at(_ seconds: Int64) -> Instant { .after(.seconds(seconds)) }

    @Test(
        "the checksum is CRC-32C (RFC 3720, B.4), in one piece or several",
        arguments: [
            (Array("123456789".utf8), 0xe306_9283), ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
            ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43), (Array(0...31), 0x46dd_794e), ([], 0),
        ] as [([UInt8], UInt32)])
    func checksum(bytes: [UInt8], value: UInt32) {
        var (whole, pieces) = (Checksum(), Checksum())
        whole.mix(bytes)
        for byte in bytes { pieces.mix([byte]) }
        #expect(whole.value == value && pieces == whole)
    }

    @Test("a value is fresh until it expires, then stale as long as it may be, then of no use")
    func freshness() throws {
        let kept = try CacheEnvelope([1], created: at(0), expires: at(10), staleUntil: at(30))
        let other = try CacheEnvelope([1], created: at(0), expires: at(10), staleUntil: at(5))
        #expect([0, 9, 10, 29, 30].map { kept.freshness(at: at($0)) } == [.fresh, .fresh, .stale, .stale, .over])
        #expect(other.staleUntil == at(10) && other.freshness(at: at(10)) == .over)
        #expect(try CacheEnvelope([], created: at(0)).freshness(at: at(1 << 32)) == .fresh)
    }

    @Test("that there is no value is something else than a value of no bytes")
    func negative() throws {
        let negative = try CacheEnvelope(nil, created: at(0))
        let empty = try CacheEnvelope([], created: at(0))
        #expect(negative.isNegative && !empty.isNegative && negative != empty)
        #expect(try CacheEnvelope(decoding: negative.encoded()) == negative)
        #expect(try CacheEnvelope(decoding: empty.encoded()) == empty)
    }

    @Test(
        "too many tags, and too long ones, are refused",
        arguments: [
            (Array(repeating: "a", count: 33), "tags: 33 is out of range; allowed: at most 32"),
            ([String(repeating: "é", count: 128)], "allowed: at most 255 bytes each"),
        ])
    func refused(tags: [String], message: String) {
        let error = #expect(throws: SettingError.self) { try CacheEnvelope([1], created: .zero, tags: tags) }
        #expect(error?.description.hasSuffix(message) == true)
    }

    @Test("the encoding is the one that is documented, and as short")
    func layout() throws {
        let envelope = try CacheEnvelope(
            [7, 8], version: 258, created: Instant(nanoseconds: 1), expires: Instant(nanoseconds: -1), tags: ["ab"])
        var expected: [UInt8] = [1, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
        expected += [UInt8](repeating: 255, count: 8) + [2, 97, 98, 7, 8]
        #expect(Array(envelope.encoded().dropLast(4)) == expected)
    }

    @Test("what is encoded is decoded; cut off, continued, or with bytes changed it is an error")
    func damage() throws {
        var random = RandomStream(seed: 7, name: "envelope", purpose: "damage")
        for _ in 0..<150 {
            let envelope = try Self.envelope(&random)
            let bytes = envelope.encoded()
            #expect(try CacheEnvelope(decoding: bytes) == envelope)
            for length in 0..<bytes.count { expectDamage(Array(bytes.prefix(length))) }
            expectDamage(bytes + [0])
            for place in bytes.indices {
                var changed = bytes
                changed[place] ^= UInt8(1 + random.below(255))
                expectDamage(changed)
            }
        }
    }

    @Test("bytes with a correct checksum that are no envelope are an error too")
    func forged() throws {
        var random = RandomStream(seed: 8, name: "envelope", purpose: "forgery")
        var accepted = 0
        for _ in 0..<3_000 {
            var bytes: [UInt8] = [1, UInt8(random.below(5)), UInt8(random.below(6))]
            for _ in 0..<random.below(60) { bytes.append(UInt8(random.below(4) == 0 ? random.below(256) : 2)) }
            var checksum = Checksum()
            checksum.mix(bytes)
            for byte in 0..<4 as Range<UInt32> { bytes.append(UInt8(truncatingIfNeeded: checksum.value >> (8 * byte))) }
            guard let envelope = try? CacheEnvelope(decoding: bytes) else { continue }
            accepted += 1
            #expect(try CacheEnvelope(decoding: envelope.encoded()) == envelope)
        }
        #expect((1..<3_000).contains(accepted))
    }

    private func expectDamage(_ bytes: [UInt8]) {
        #expect(throws: CacheEnvelopeError.self) { _ = try CacheEnvelope(decoding: bytes) }
    }

    private static func envelope(_ random: inout RandomStream) throws -> CacheEnvelope {
        let value = (0..<random.below(40)).map { _ in UInt8(random.below(256)) }
        let tags = (0..<random.below(4)).map { _ in ["", "user:1", "größe", "\u{0}"][Int(random.below(4))] }
        let ends = [Int64(bitPattern: random.next()), Int64(bitPattern: random.next())]
        return try CacheEnvelope(
            random.chance(0.2) ? nil : value, version: random.next(),
            created: Instant(nanoseconds: Int64(bitPattern: random.next())), expires: Instant(nanoseconds: ends[0]),
            staleUntil: random.chance(0.5) ? Instant(nanoseconds: ends[1]) : nil, tags: tags)
    }
}
