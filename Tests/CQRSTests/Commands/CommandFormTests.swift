import CQRS
import EventSourcing
import Testing
import Timeline

@Suite("The form in which commands leave the process")
struct CommandFormTests {
    /// A command with chance parts, names of every length and characters of every width among them.
    private func randomCommand(_ random: inout RandomStream) throws -> CommandEnvelope {
        func name() -> String {
            let letters = ["a", "-", "é", "語", "🚀", "\u{2028}", " "]
            var name = "x"
            for _ in 0..<random.below(62) { name += letters[Int(random.below(UInt64(letters.count)))] }
            return name
        }
        func id() -> EventID { EventID(using: &random) }
        func instant() -> Instant { Instant(nanoseconds: Int64(bitPattern: random.next())) }
        let payload = (0..<random.below(200)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        return try CommandEnvelope(
            id: id(), type: name(), sequence: random.chance(0.5) ? name() : nil, payload: payload,
            correlation: random.chance(0.5) ? id() : nil, causation: random.chance(0.5) ? id() : nil,
            issuedAt: instant(), deadline: random.chance(0.5) ? instant() : nil)
    }

    @Test("what is written is what is read")
    func roundTrip() throws {
        var random = RandomStream(seed: 1, name: "commands", purpose: "form")
        for _ in 0..<2_000 {
            let command = try randomCommand(&random)
            #expect(try CommandEnvelope(decoding: command.encoded) == command)
        }
        let longest = try CommandEnvelope(
            id: .n(1), type: String(repeating: "t", count: 250), sequence: String(repeating: "s", count: 250),
            payload: Array(repeating: 7, count: 70_000), issuedAt: .distantFuture, deadline: Instant(nanoseconds: .min))
        #expect(try CommandEnvelope(decoding: longest.encoded) == longest)
    }

    @Test("version 1 is these bytes, and stays them")
    func golden() throws {
        let command = try CommandEnvelope(
            id: EventID(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10), type: "Ship", sequence: "o-1",
            payload: [0xff, 0x00], causation: EventID(high: 1, low: 2), issuedAt: Instant(nanoseconds: 258),
            deadline: Instant(nanoseconds: -1))
        let head: [UInt8] = [0x89, 0x43, 0x4d, 0x44, 1, 0, 0, 0, 68, 0b1101]
        let names: [UInt8] = [4, 0x53, 0x68, 0x69, 0x70, 3, 0x6f, 0x2d, 0x31]
        let causation: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]
        let body: [UInt8] =
            head + Array(1...16) + [0, 0, 0, 0, 0, 0, 1, 2] + names + causation + Array(repeating: 0xff, count: 8)
            + [0xff, 0x00]
        #expect(Array(command.encoded.dropLast(8)) == body)
    }

    @Test("cut off anywhere, it is cut off or no command, and the error says where")
    func truncated() throws {
        let bytes = try CommandEnvelope.sample(1, payload: [1, 2, 3], deadline: .ms(5)).encoded
        for count in 0..<bytes.count {
            let error = #expect(throws: CommandDecodingError.self) {
                try CommandEnvelope(decoding: Array(bytes.prefix(count)))
            }
            let missing = (count < 9 ? 9 : bytes.count) - count
            #expect(error == CommandDecodingError(.truncated(missing: missing), at: count))
        }
    }

    @Test("no flipped bit gives another command")
    func damaged() throws {
        let bytes = try CommandEnvelope.sample(1, payload: [1, 2, 3], deadline: .ms(5)).encoded
        for place in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[place] ^= 1 << bit
                let error = #expect(throws: CommandDecodingError.self) { try CommandEnvelope(decoding: damaged) }
                if place >= 9 { #expect(error == CommandDecodingError(.damaged, at: bytes.count - 8)) }
            }
        }
    }

    @Test("a newer version is refused as one, whatever follows")
    func newer() throws {
        var bytes = try CommandEnvelope.sample(1).encoded
        bytes[4] = 2
        for count in 5...bytes.count {
            let error = #expect(throws: CommandDecodingError.self) {
                try CommandEnvelope(decoding: Array(bytes.prefix(count)))
            }
            #expect(error == CommandDecodingError(.newerVersion(2, known: 1), at: 4))
        }
        let error = CommandDecodingError(.newerVersion(2, known: 1), at: 4)
        #expect("\(error)" == "byte 4: written by version 2, this one reads up to 1; update the reader")
        bytes[4] = 0
        #expect(throws: CommandDecodingError(.unknownVersion(0), at: 4)) { try CommandEnvelope(decoding: bytes) }
    }

    @Test("what follows does not belong to it; what begins otherwise is no command")
    func foreign() throws {
        let bytes = try CommandEnvelope.sample(1).encoded
        #expect(throws: CommandDecodingError(.trailing(2), at: bytes.count)) {
            try CommandEnvelope(decoding: bytes + [0, 0])
        }
        #expect(throws: CommandDecodingError(.foreign, at: 0)) {
            try CommandEnvelope(decoding: Array("{\"id\": 1}".utf8))
        }
        #expect(throws: CommandDecodingError(.foreign, at: 2)) { try CommandEnvelope(decoding: [0x89, 0x43, 0x44]) }
        #expect(throws: CommandDecodingError(.truncated(missing: 9), at: 0)) { try CommandEnvelope(decoding: []) }
    }

    @Test("chance bytes, also behind a right beginning, give errors and nothing else")
    func chance() {
        var random = RandomStream(seed: 2, name: "commands", purpose: "form")
        for round in 0..<5_000 {
            var bytes = (0..<random.below(120)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            if round % 2 == 0, bytes.count >= 9 {
                bytes.replaceSubrange(0..<9, with: [0x89, 0x43, 0x4d, 0x44, 1, 0, 0, 0, UInt8(bytes.count - 9)])
            }
            #expect(throws: CommandDecodingError.self) { try CommandEnvelope(decoding: bytes) }
        }
    }

    @Test("parts that somebody wrote with a right digest are checked all the same")
    func forged() throws {
        // In a command without sequence: parts at 9, id at 10, time at 26, type with its length at 34.
        let bytes = try CommandEnvelope.sample(1, type: "Ship", of: nil).encoded
        func forged(_ change: (inout [UInt8]) -> Void) -> CommandDecodingError? {
            var body = Array(bytes.dropFirst(9).dropLast(8))
            change(&body)
            do throws(CommandDecodingError) {
                _ = try CommandEnvelope(decoding: Forgery.sealed(body))
                return nil
            } catch {
                return error
            }
        }
        #expect(forged { _ in } == nil)
        #expect(forged { $0[0] = 16 } == CommandDecodingError(.unknownParts(16), at: 9))
        #expect(forged { $0[25] = 200 } == CommandDecodingError(.partTooLong("type"), at: 34))
        #expect(forged { $0[25] = 0 } == CommandDecodingError(.badName("type"), at: 34))
        #expect(forged { $0[26] = 0xff } == CommandDecodingError(.badName("type"), at: 34))
        #expect(forged { $0[26] = 0x0a } == CommandDecodingError(.badName("type"), at: 34))
        #expect(forged { $0[0] = 1 } == CommandDecodingError(.partTooLong("sequence"), at: 39))
        #expect(forged { $0[0] = 8 } == CommandDecodingError(.partTooLong("deadline"), at: 39))
        #expect(forged { $0 = [] } == CommandDecodingError(.partTooLong("parts"), at: 9))
    }

    @Test("a length that no command can have is refused before anything is waited for, or read")
    func tooLong() {
        let head: [UInt8] = [0x89, 0x43, 0x4d, 0x44, 1, 0xff, 0xff, 0xff, 0xff]
        #expect(throws: CommandDecodingError(.tooLong(0xffff_ffff), at: 5)) { try CommandEnvelope(decoding: head) }
    }

    @Test("a command's parts are checked when it is made")
    func parts() {
        #expect(throws: SettingError.self) { try CommandEnvelope.sample(1, type: "") }
        #expect(throws: SettingError.self) { try CommandEnvelope.sample(1, type: "a\u{0}b") }
        #expect(throws: SettingError.self) { try CommandEnvelope.sample(1, of: "") }
        #expect(throws: SettingError.self) { try CommandEnvelope.sample(1, of: String(repeating: "é", count: 126)) }
        #expect(throws: SettingError.self) {
            try CommandEnvelope.sample(1, payload: Array(repeating: 0, count: CommandEnvelope.payloadLimit + 1))
        }
    }
}

/// Somebody who knows the form.
private enum Forgery {
    static func sealed(_ body: [UInt8]) -> [UInt8] {
        let length = UInt32(body.count + 8)
        var bytes: [UInt8] = [0x89, 0x43, 0x4d, 0x44, 1]
        bytes += big(UInt64(length)).suffix(4)
        bytes += body
        var digest = Digest()
        var word: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            word = word << 8 | UInt64(byte)
            if (index + 1) % 8 == 0 {
                digest.mix(word, UInt64(index + 1))
                word = 0
            }
        }
        digest.mix(word, UInt64(bytes.count))
        digest.mix(UInt64(bytes.count))
        return bytes + big(digest.value)
    }

    private static func big(_ number: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> UInt64($0)) }
    }
}
