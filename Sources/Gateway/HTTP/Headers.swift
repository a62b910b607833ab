/// The fields of a request or a response in their order, several of a name included (RFC 9110, section 5).
///
/// All names and values lie in one array of bytes, and a bit says for each of the usual names whether it is there: a
/// copy costs two arrays, and asking for a field that is not there next to nothing.
///
/// A value in here has no line breaks, no control characters but tabs, no blanks at its ends, and is UTF-8. Bytes from
/// 0x80 up are `obs-text`, which section 5.5 asks to be passed on as it is.
public struct Headers: Sendable {
    /// Where a field lies.
    struct Slot: Hashable, Sendable {
        /// Of the value in the bytes; a name without a code lies before it.
        var start: UInt32
        var count: UInt32
        var nameCount: UInt32
        var code: UInt8

        var value: Range<Int> { Int(start)..<Int(start) + Int(count) }
        /// Where the name lies, if it has no code.
        var name: Range<Int> { Int(start) - Int(nameCount)..<Int(start) }
        /// As lines of HTTP/1.1 are long: with the colon, a blank and the line's end.
        var lineBytes: Int { Int(nameCount) + Int(count) + 4 }
        /// What it takes of the storage.
        var storedBytes: Int { Int(count) + (code == 0 ? Int(nameCount) : 0) }
    }

    /// How much the fields may be together.
    public let limits: HeaderLimits

    var slots: [Slot] = []
    var storage: [UInt8] = []
    /// A bit for each code of a name that is there; bit 0 stands for all names without a code.
    var present: UInt64 = 0
    /// How many bytes the fields are as lines of HTTP/1.1, each with `: ` and its line end.
    public internal(set) var bytes = 0

    /// No fields.
    public init(limits: HeaderLimits = HeaderLimits()) {
        self.limits = limits
    }

    /// Fields of these names and values.
    /// - Throws: as ``append(_:_:)`` does, and for a name that is no token.
    public init(
        _ fields: KeyValuePairs<String, String>, limits: HeaderLimits = HeaderLimits()
    ) throws(RequestError) {
        self.init(limits: limits)
        for (name, value) in fields { try append(name.utf8.span, value.utf8.span) }
    }

    /// Fields as they came over the wire.
    /// - Throws: as ``append(_:_:)`` does, and for a name that is no token.
    public init(
        bytes fields: [(name: [UInt8], value: [UInt8])], limits: HeaderLimits = HeaderLimits()
    ) throws(RequestError) {
        self.init(limits: limits)
        // Room for what a gateway adds, too.
        slots.reserveCapacity(min(fields.count, limits.fields) + 8)
        storage.reserveCapacity(min(fields.reduce(0) { $0 + $1.value.count }, limits.bytes) + 256)
        for field in fields { try append(field.name.span, field.value.span) }
    }

    /// How many fields there are.
    public var count: Int { slots.count }

    /// Whether there is a field of this name.
    public func contains(_ name: HeaderName) -> Bool { slot(of: name) != nil }

    /// The value of the first field of this name.
    public subscript(name: HeaderName) -> String? {
        guard let slot = slot(of: name) else { return nil }
        return text(in: slots[slot].value)
    }

    /// The values of all fields of this name, in their order.
    public func values(of name: HeaderName) -> [String] {
        var values: [String] = []
        forEachSlot(of: name) { values.append(text(in: slots[$0].value)) }
        return values
    }

    /// The field at a place, 0 to ``count`` - 1; nil for any other.
    public func field(at place: Int) -> (name: HeaderName, value: String)? {
        guard slots.indices.contains(place) else { return nil }
        return (name(at: place), text(in: slots[place].value))
    }

    /// The name of the field at a place that is there.
    func name(at place: Int) -> HeaderName {
        let slot = slots[place]
        return slot.code == 0
            ? HeaderName(0, text(in: slot.name)) : HeaderName.withMembers[Int(slot.code)]
    }

    func text(in range: Range<Int>) -> String { storage.span.extracting(range).text }

    /// Where the first field of a name is.
    @inline(__always)
    func slot(of name: HeaderName) -> Int? {
        guard present & name.bit != 0 else { return nil }
        return slot(of: name, from: 0)
    }

    /// Where the first field of a name is from a place on.
    func slot(of name: HeaderName, from start: Int) -> Int? {
        for index in start..<slots.count where isNamed(name, slots[index]) { return index }
        return nil
    }

    func isNamed(_ name: HeaderName, _ slot: Slot) -> Bool {
        guard slot.code == name.code else { return false }
        return name.code != 0 || storage.span.extracting(slot.name).equals(name.text.utf8.span)
    }

    /// Calls `visit` with the place of each field of a name, in order.
    @inline(__always)
    func forEachSlot(of name: HeaderName, _ visit: (Int) -> Void) {
        guard present & name.bit != 0 else { return }
        for index in slots.indices where isNamed(name, slots[index]) { visit(index) }
    }

    /// Where the value lies of a field that is there once; nil if it is not there or several times.
    func onlyValue(of name: HeaderName) -> Range<Int>? {
        guard let slot = slot(of: name), self.slot(of: name, from: slot + 1) == nil else { return nil }
        return slots[slot].value
    }
}

extension HeaderName {
    /// Its bit in ``Headers/present``.
    @inline(__always)
    var bit: UInt64 { 1 << UInt64(code & 63) }
}

extension Headers: Hashable {
    /// Whether both have the same fields in the same order; their limits do not matter.
    public static func == (left: Headers, right: Headers) -> Bool {
        guard left.count == right.count, left.present == right.present, left.bytes == right.bytes else { return false }
        for index in left.slots.indices {
            let (one, other) = (left.slots[index], right.slots[index])
            guard one.code == other.code, one.count == other.count, one.nameCount == other.nameCount,
                left.storage.span.extracting(one.value).equals(right.storage.span.extracting(other.value)),
                one.code != 0
                    || left.storage.span.extracting(one.name).equals(right.storage.span.extracting(other.name))
            else { return false }
        }
        return true
    }

    /// Adds the fields to a hash.
    public func hash(into hasher: inout Hasher) {
        for (index, slot) in slots.enumerated() {
            hasher.combine(name(at: index))
            for place in slot.value { hasher.combine(storage[place]) }
        }
    }
}

extension Headers: CustomStringConvertible {
    /// A line for each field.
    public var description: String {
        slots.indices.map { "\(name(at: $0).text): \(text(in: slots[$0].value))\n" }.joined()
    }
}
