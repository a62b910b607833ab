public import EventSourcing
public import Timeline

/// A command as it travels: what is wanted, what tells it from all others, and what it must stay in order with.
public struct CommandEnvelope: Hashable, Sendable {
    /// What makes it one and the same command however often it arrives: it is executed once.
    public let id: EventID
    /// What kind of command it is: `ConfirmOrder`.
    public let type: String
    /// What it keeps its place in, usually the name of the stream that it is about: commands of one sequence are
    /// executed one after the other, in the order of their arrival. Nil for a command that any other may overtake.
    public let sequence: String?
    /// What it says, in a form that only its handler looks into.
    public let payload: [UInt8]
    /// Which request, saga or process it belongs to.
    public let correlation: EventID?
    /// Which command or event made somebody send it.
    public let causation: EventID?
    /// When it was first sent, by its sender's clock.
    public let issuedAt: Instant
    /// From when on it must not be executed any more; nil if it never is too late.
    public let deadline: Instant?

    /// How many bytes a type and a sequence may have.
    public static let nameLimit = 250
    /// How many bytes a payload may have.
    public static let payloadLimit = 16 << 20

    /// Checks a command.
    /// - Parameters:
    ///   - id: what it is known by; a command that is sent again has the same one.
    ///   - type: 1 to 250 bytes without control characters.
    ///   - sequence: the same, or nil for none.
    ///   - payload: at most 16 MiB.
    ///   - correlation: what it belongs to.
    ///   - causation: what made somebody send it.
    ///   - issuedAt: when it was first sent.
    ///   - deadline: from when on it must not be executed.
    /// - Throws: a ``SettingError`` that names the first part out of its range.
    public init(
        id: EventID, type: String, sequence: String? = nil, payload: [UInt8] = [], correlation: EventID? = nil,
        causation: EventID? = nil, issuedAt: Instant, deadline: Instant? = nil
    ) throws(SettingError) {
        guard Self.isName(type) else { throw Self.nameError("type", type) }
        if let sequence, !Self.isName(sequence) { throw Self.nameError("sequence", sequence) }
        guard payload.count <= Self.payloadLimit else {
            throw SettingError("payload", given: "\(payload.count) bytes", allowed: "at most \(Self.payloadLimit)")
        }
        self.id = id
        self.type = type
        self.sequence = sequence
        self.payload = payload
        self.correlation = correlation
        self.causation = causation
        self.issuedAt = issuedAt
        self.deadline = deadline
    }

    /// Whether it is too late for it.
    public func hasExpired(at now: Instant) -> Bool { deadline.map { now >= $0 } ?? false }

    /// The sequence, or one of its own.
    var lane: String { sequence ?? id.description }

    /// What two commands with the same id must have in common to be the same command.
    var fingerprint: UInt64 {
        var digest = Digest()
        digest.mix(text: type)
        digest.mix(text: sequence ?? "")
        digest.mix(sequence == nil ? 0 : 1)
        digest.mix(bytes: payload[...])
        return digest.value
    }

    static func isName(_ text: String) -> Bool {
        (1...nameLimit).contains(text.utf8.count) && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f }
    }

    static func nameError(_ part: String, _ text: String) -> SettingError {
        SettingError(part, given: "\"\(text)\"", allowed: "1 to \(nameLimit) bytes without control characters")
    }
}
