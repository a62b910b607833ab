/// Reads fields that a ``FieldWriter`` has written, in the same order.
struct FieldReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// Whether this byte stands for itself in a text.
    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case ...0x20, 0x7f, UInt8(ascii: "%"), UInt8(ascii: "="), UInt8(ascii: ":"): false
        default: true
        }
    }

    /// That there is no field left.
    func end() throws(FieldError) {
        guard rest.isEmpty else { throw .superfluous(String(decoding: rest.prefix(40), as: UTF8.self)) }
    }

    mutating func number<Number: FixedWidthInteger>(_ name: StaticString) throws(FieldError) -> Number {
        guard let number: Number = try numberIfAny(name) else { throw .missing("\(name)") }
        return number
    }

    mutating func numberIfAny<Number: FixedWidthInteger>(_ name: StaticString) throws(FieldError) -> Number? {
        guard let value = next(name) else { return nil }
        guard let number: Number = Self.number(value) else { throw .malformed("\(name)") }
        return number
    }

    mutating func text(_ name: StaticString) throws(FieldError) -> String {
        guard let value = next(name) else { throw .missing("\(name)") }
        guard let text = Self.unescaped(value) else { throw .malformed("\(name)") }
        return text
    }

    mutating func word<Word: FieldWord>(_ name: StaticString) throws(FieldError) -> Word {
        guard let value = next(name) else { throw .missing("\(name)") }
        guard let word = Word.fieldWords.first(where: { value.elementsEqual($0.text.utf8) })?.word else {
            throw .malformed("\(name)")
        }
        return word
    }

    /// A value; nil if the next field is another one.
    mutating func value(_ name: StaticString) throws(FieldError) -> SagaValue? {
        guard let value = next(name) else { return nil }
        guard let read = Self.value(value) else { throw .malformed("\(name)") }
        return read
    }

    /// A value with a name of its own; nil if the next field is another one.
    mutating func namedValue(_ name: StaticString) throws(FieldError) -> (name: String, value: SagaValue)? {
        guard let value = next(name) else { return nil }
        guard let colon = value.firstIndex(of: UInt8(ascii: ":")), let field = Self.unescaped(value[..<colon]),
            let read = Self.value(value[(colon + 1)...])
        else { throw .malformed("\(name)") }
        return (field, read)
    }

    /// The next field's value, if the field has this name.
    private mutating func next(_ name: StaticString) -> ArraySlice<UInt8>? {
        let prefix = "\(name)=".utf8
        guard rest.starts(with: prefix) else { return nil }
        let value = rest.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: " ") }
        let behind = rest[value.endIndex...]
        // A space stands between two fields, so there is another one behind it.
        if behind.count == 1 { return nil }
        rest = behind.dropFirst()
        return value
    }

    /// A number as it is written: without a plus sign or needless zeros.
    private static func number<Number: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> Number? {
        guard let number = Number(String(decoding: bytes, as: UTF8.self)), bytes.elementsEqual(String(number).utf8)
        else { return nil }
        return number
    }

    private static func value(_ bytes: ArraySlice<UInt8>) -> SagaValue? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let kind = SagaValue.Kind.allCases.first(where: { bytes[..<colon].elementsEqual($0.rawValue.utf8) })
        else { return nil }
        let rest = bytes[(colon + 1)...]
        switch kind {
        case .number: return (number(rest) as Int64?).map { .number($0) }
        case .cents: return (number(rest) as Int64?).map { .cents($0) }
        case .identifier: return (number(rest) as UInt64?).map { .identifier($0) }
        case .flag:
            return Bool.fieldWords.first { rest.elementsEqual($0.text.utf8) }.map { .flag($0.word) }
        }
    }

    private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String? {
        var plain: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                guard isPlain(byte) else { return nil }
                plain.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            guard !isPlain(high << 4 | low) else { return nil }
            plain.append(high << 4 | low)
        }
        return String(validating: plain, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
