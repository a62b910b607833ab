// The form in which what happens to a saga is stored: fields of a name and a value, one after another, such as
// `at=9000000 step=charge`. They are read in the order in which they are written, and nothing else is.

/// Writes fields.
struct FieldWriter {
    private(set) var bytes: [UInt8] = []

    /// A text; what would end it is written as `%20`.
    mutating func write(_ name: StaticString, text: String) {
        begin(name)
        append(escaped: text)
    }

    mutating func write(_ name: StaticString, _ number: some FixedWidthInteger) {
        begin(name)
        bytes += String(number).utf8
    }

    /// A word of a fixed set.
    mutating func write<Word: FieldWord>(_ name: StaticString, word: Word) {
        begin(name)
        bytes += (Word.fieldWords.first { $0.word == word }?.text ?? "").utf8
    }

    /// A value, `cents:1999`; nothing for nil.
    mutating func write(_ name: StaticString, _ value: SagaValue?) {
        guard let value else { return }
        begin(name)
        append(value)
    }

    /// A value with a name of its own, `total:cents:1999`.
    mutating func write(_ name: StaticString, _ field: String, _ value: SagaValue) {
        begin(name)
        append(escaped: field)
        bytes.append(UInt8(ascii: ":"))
        append(value)
    }

    private mutating func begin(_ name: StaticString) {
        if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
        bytes += "\(name)=".utf8
    }

    private mutating func append(_ value: SagaValue) {
        bytes += "\(value.kind.rawValue):".utf8
        switch value {
        case .number(let number), .cents(let number): bytes += String(number).utf8
        case .flag(let holds): bytes += (holds ? "yes" : "no").utf8
        case .identifier(let identifier): bytes += String(identifier).utf8
        }
    }

    private mutating func append(escaped text: String) {
        let digits = Array("0123456789abcdef".utf8)
        for byte in text.utf8 {
            if FieldReader.isPlain(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
    }
}

/// Why fields cannot be read.
enum FieldError: Error, CustomStringConvertible {
    case missing(String)
    case malformed(String)
    case superfluous(String)

    var description: String {
        switch self {
        case .missing(let name): "\(name) is missing"
        case .malformed(let name): "\(name) is not what it should be"
        case .superfluous(let text): "\(text) is too much"
        }
    }
}

/// Something that is written as one word of a fixed set.
protocol FieldWord: Equatable {
    static var fieldWords: [(word: Self, text: String)] { get }
}

extension Bool: FieldWord {
    static var fieldWords: [(word: Bool, text: String)] { [(true, "yes"), (false, "no")] }
}

extension Saga.Cause: FieldWord {
    static var fieldWords: [(word: Saga.Cause, text: String)] {
        [
            (.stepFailed, "stepFailed"), (.timeLimitPassed, "timeLimitPassed"), (.cancelled, "cancelled"),
            (.lockRefused, "lockRefused"),
        ]
    }
}

extension Saga.Pause: FieldWord {
    static var fieldWords: [(word: Saga.Pause, text: String)] {
        [(.ordered, "ordered"), (.tooManyRecoveries, "tooManyRecoveries")]
    }
}

extension Saga.Outcome: FieldWord {
    static var fieldWords: [(word: Saga.Outcome, text: String)] {
        [(.notExecuted, "notExecuted"), (.unknown, "unknown")]
    }
}

extension SagaDefinition.Exhaustion: FieldWord {
    static var fieldWords: [(word: SagaDefinition.Exhaustion, text: String)] {
        [(.goesOn, "goesOn"), (.waitsForOperator, "waitsForOperator")]
    }
}

extension Saga.Order.Kind: FieldWord {
    static var fieldWords: [(word: Saga.Order.Kind, text: String)] {
        [
            (.retryNow, "retryNow"), (.skip, "skip"), (.pause, "pause"), (.resume, "resume"), (.cancel, "cancel"),
            (.kill, "kill"), (.retryCompensation, "retryCompensation"), (.markResolved, "markResolved"),
        ]
    }
}
