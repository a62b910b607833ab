import EventSourcing
import Timeline

extension CommandEnvelope {
    /// Reads a command as ``encoded`` writes it.
    ///
    /// Bytes from anywhere will do: what is not such a command, whole and undamaged, gives an error.
    /// - Throws: what is wrong, and at which byte.
    public init(decoding bytes: [UInt8]) throws(CommandDecodingError) {
        let body = try Self.checkFrame(of: bytes)
        var parts = PartReader(bytes, in: body)
        let there = try parts.optionalParts()
        let id = try parts.id("id")
        let issuedAt = try parts.instant("time of issue")
        let type = try parts.name("type")
        let sequence = there.contains(.sequence) ? try parts.name("sequence") : nil
        let correlation = there.contains(.correlation) ? try parts.id("correlation") : nil
        let causation = there.contains(.causation) ? try parts.id("causation") : nil
        let deadline = there.contains(.deadline) ? try parts.instant("deadline") : nil
        let payload = parts.rest
        do throws(SettingError) {
            try self.init(
                id: id, type: type, sequence: sequence, payload: payload, correlation: correlation,
                causation: causation, issuedAt: issuedAt, deadline: deadline)
        } catch {
            // The names have been checked as they were read.
            throw CommandDecodingError(.tooLong(payload.count), at: body.upperBound - payload.count)
        }
    }

    /// Checks everything around the parts, and returns where these are.
    private static func checkFrame(of bytes: [UInt8]) throws(CommandDecodingError) -> Range<Int> {
        let length = try checkHead(of: bytes)
        let whole = CommandForm.headLength + length
        guard bytes.count >= whole else { throw .cut(bytes, needing: whole) }
        guard bytes.count == whole else { throw CommandDecodingError(.trailing(bytes.count - whole), at: whole) }
        let end = whole - CommandForm.digestLength
        guard end >= CommandForm.headLength else { throw CommandDecodingError(.partTooLong("digest"), at: whole) }
        var tail = ByteReader(bytes)
        _ = tail.take(end)
        guard tail.number(UInt64.self) == CommandForm.digest(of: bytes[..<end]) else {
            throw CommandDecodingError(.damaged, at: end)
        }
        return CommandForm.headLength..<end
    }

    /// Checks that it is a command of a version that is known, and returns how many bytes follow.
    private static func checkHead(of bytes: [UInt8]) throws(CommandDecodingError) -> Int {
        var reader = ByteReader(bytes)
        for (index, expected) in CommandForm.mark.enumerated() {
            guard let byte = reader.number(UInt8.self) else { throw .cut(bytes, needing: CommandForm.headLength) }
            guard byte == expected else { throw CommandDecodingError(.foreign, at: index) }
        }
        guard let version = reader.number(UInt8.self) else { throw .cut(bytes, needing: CommandForm.headLength) }
        try check(version)
        let place = reader.position
        guard let length = reader.number(UInt32.self).map(Int.init) else {
            throw .cut(bytes, needing: CommandForm.headLength)
        }
        guard length <= CommandForm.longest else { throw CommandDecodingError(.tooLong(length), at: place) }
        return length
    }

    private static func check(_ version: UInt8) throws(CommandDecodingError) {
        let place = CommandForm.mark.count
        if version == 0 { throw CommandDecodingError(.unknownVersion(0), at: place) }
        guard version <= CommandForm.version else {
            throw CommandDecodingError(.newerVersion(version, known: CommandForm.version), at: place)
        }
    }
}

extension CommandDecodingError {
    fileprivate static func cut(_ bytes: [UInt8], needing count: Int) -> CommandDecodingError {
        CommandDecodingError(.truncated(missing: count - bytes.count), at: bytes.count)
    }
}

/// The parts of a command, one after the other.
private struct PartReader {
    private var reader: ByteReader

    init(_ bytes: [UInt8], in range: Range<Int>) {
        reader = ByteReader(bytes, upTo: range.upperBound)
        _ = reader.take(range.lowerBound)
    }

    /// Everything that has not been read.
    var rest: [UInt8] {
        var reader = reader
        return Array(reader.take(reader.left) ?? [])
    }

    mutating func optionalParts() throws(CommandDecodingError) -> CommandForm.Parts {
        let place = reader.position
        let parts = CommandForm.Parts(rawValue: try number("parts"))
        guard parts.isSubset(of: .all) else { throw CommandDecodingError(.unknownParts(parts.rawValue), at: place) }
        return parts
    }

    mutating func id(_ part: String) throws(CommandDecodingError) -> EventID {
        EventID(high: try number(part), low: try number(part))
    }

    mutating func instant(_ part: String) throws(CommandDecodingError) -> Instant {
        Instant(nanoseconds: try number(part))
    }

    mutating func name(_ part: String) throws(CommandDecodingError) -> String {
        let place = reader.position
        let count = Int(try number(part) as UInt8)
        guard let bytes = reader.take(count) else { throw CommandDecodingError(.partTooLong(part), at: place) }
        guard let name = String(validating: bytes, as: UTF8.self), CommandEnvelope.isName(name) else {
            throw CommandDecodingError(.badName(part), at: place)
        }
        return name
    }

    private mutating func number<Number: FixedWidthInteger>(_ part: String) throws(CommandDecodingError) -> Number {
        guard let number = reader.number(Number.self) else {
            throw CommandDecodingError(.partTooLong(part), at: reader.position)
        }
        return number
    }
}
