import EventSourcing
import Timeline

/// The form in which commands leave the process, version 1. Numbers have their highest byte first.
///
/// | bytes      | what                                                                                     |
/// |------------|------------------------------------------------------------------------------------------|
/// | 4          | `89 43 4d 44`: that this is a command                                                    |
/// | 1          | the version, before anything that may change with it                                     |
/// | 4          | how many bytes follow                                                                    |
/// | 1          | which of the optional parts are there, one bit each from the lowest, in the order below  |
/// | 16         | id                                                                                       |
/// | 8          | issued at, in nanoseconds                                                                |
/// | 1 + n      | type, with its length before it                                                          |
/// | 1 + n      | sequence, if it has one                                                                  |
/// | 16, 16, 8  | correlation, causation, deadline, each if it has one                                     |
/// | n          | payload                                                                                  |
/// | 8          | a digest of everything before it, so that damage does not become another command        |
enum CommandForm {
    static let mark: [UInt8] = [0x89, 0x43, 0x4d, 0x44]
    static let version: UInt8 = 1
    /// Up to the number of bytes that follow, included.
    static let headLength = 9
    static let digestLength = 8
    /// More than this cannot follow, whatever parts are there.
    static let longest = CommandEnvelope.payloadLimit + 1_024

    /// Which of the optional parts are there.
    struct Parts: OptionSet {
        let rawValue: UInt8

        static let sequence = Parts(rawValue: 1)
        static let correlation = Parts(rawValue: 2)
        static let causation = Parts(rawValue: 4)
        static let deadline = Parts(rawValue: 8)
        static let all: Parts = [.sequence, .correlation, .causation, .deadline]
    }

    static func digest(of bytes: ArraySlice<UInt8>) -> UInt64 {
        var digest = Digest()
        digest.mix(bytes: bytes)
        return digest.value
    }
}

extension CommandEnvelope {
    /// The command in a form that can leave the process; ``init(decoding:)`` reads it.
    public var encoded: [UInt8] {
        var body: [UInt8] = [parts.rawValue]
        body.append(id: id)
        body.append(number: issuedAt.nanoseconds)
        body.append(name: type)
        if let sequence { body.append(name: sequence) }
        if let correlation { body.append(id: correlation) }
        if let causation { body.append(id: causation) }
        if let deadline { body.append(number: deadline.nanoseconds) }
        body += payload
        var bytes = CommandForm.mark + [CommandForm.version]
        bytes.append(number: UInt32(body.count + CommandForm.digestLength))
        bytes += body
        bytes.append(number: CommandForm.digest(of: bytes[...]))
        return bytes
    }

    private var parts: CommandForm.Parts {
        var parts: CommandForm.Parts = []
        if sequence != nil { parts.insert(.sequence) }
        if correlation != nil { parts.insert(.correlation) }
        if causation != nil { parts.insert(.causation) }
        if deadline != nil { parts.insert(.deadline) }
        return parts
    }
}

extension [UInt8] {
    fileprivate mutating func append(id: EventID) {
        append(number: id.high)
        append(number: id.low)
    }

    /// A name has at most 250 bytes, so that one byte says how many.
    fileprivate mutating func append(name: String) {
        append(UInt8(name.utf8.count))
        append(contentsOf: name.utf8)
    }
}
