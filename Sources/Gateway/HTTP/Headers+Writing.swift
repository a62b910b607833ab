extension Headers {
    /// Adds a field after all others; blanks at the value's ends are dropped (RFC 9110, section 5.5).
    /// - Throws: a ``RequestError`` for a value that no field may have, and for more than the limits; then nothing is
    ///   added.
    public mutating func append(_ name: HeaderName, _ value: String) throws(RequestError) {
        let bytes = value.utf8.span
        let trimmed = bytes.trimmed(0..<bytes.count)
        try Self.check(bytes.extracting(trimmed), of: name)
        try checkRoom(fields: 1, bytes: name.text.utf8.count + trimmed.count + 4)
        add(name, bytes.extracting(trimmed))
    }

    /// Makes this the only field of its name: in the place of the first, or after all others.
    /// - Throws: as ``append(_:_:)`` does; then nothing is changed.
    public mutating func set(_ name: HeaderName, _ value: String) throws(RequestError) {
        let bytes = value.utf8.span
        let trimmed = bytes.trimmed(0..<bytes.count)
        try Self.check(bytes.extracting(trimmed), of: name)
        var (fields, freed) = (1, 0)
        forEachSlot(of: name) {
            fields -= 1
            freed += slots[$0].lineBytes
        }
        try checkRoom(fields: max(0, fields), bytes: name.text.utf8.count + trimmed.count + 4 - freed)
        replace(name, with: bytes.extracting(trimmed))
    }

    /// Adds a field as it came over the wire.
    /// - Throws: as ``append(_:_:)`` does, and for a name that is no token (section 5.1); then nothing is added.
    public mutating func append(
        _ name: borrowing Span<UInt8>, _ value: borrowing Span<UInt8>
    ) throws(RequestError) {
        let trimmed = value.trimmed(0..<value.count)
        // Before anything is looked at: what is too large is not worth a look.
        try checkRoom(fields: 1, bytes: name.count + trimmed.count + 4)
        guard let code = HeaderName.code(of: name) else { throw .malformedName }
        let text = value.extracting(trimmed)
        guard code == 0 else {
            let known = HeaderName.withMembers[Int(code)]
            try Self.check(text, of: known)
            return add(known, text)
        }
        let other = try HeaderName(bytes: name)
        try Self.check(text, of: other)
        add(other, text)
    }

    /// Drops all fields of a name; returns how many those were.
    @discardableResult
    public mutating func remove(_ name: HeaderName) -> Int {
        guard let first = slot(of: name) else { return 0 }
        return removeSlots(from: first) { $0.isNamed(name, $1) }
    }

    /// Drops the fields from a place on that are to go; returns how many those were.
    @discardableResult @inline(__always)
    mutating func removeSlots(from first: Int, where leaves: (borrowing Headers, Slot) -> Bool) -> Int {
        var kept = first
        var names: UInt64 = 0
        for slot in slots[..<first] { names |= 1 << UInt64(slot.code) }
        for index in first..<slots.count {
            let slot = slots[index]
            if leaves(self, slot) {
                bytes -= slot.lineBytes
            } else {
                slots[kept] = slot
                names |= 1 << UInt64(slot.code)
                kept += 1
            }
        }
        let dropped = slots.count - kept
        slots.removeLast(dropped)
        present = names
        return dropped
    }

    private func checkRoom(fields: Int, bytes more: Int) throws(RequestError) {
        guard slots.count + fields <= limits.fields else { throw .tooManyHeaders(most: limits.fields) }
        guard bytes + more <= limits.bytes else { throw .headersTooLarge(most: limits.bytes) }
    }

    /// Whether a text is a value as it stands, without anything to drop at its ends.
    static func isValue(_ text: String, of name: HeaderName) -> Bool {
        let bytes = text.utf8.span
        guard bytes.trimmed(0..<bytes.count) == 0..<bytes.count else { return false }
        do { try check(bytes, of: name) } catch { return false }
        return true
    }

    /// Checks that a value has no control character but tabs, and is UTF-8 (section 5.5).
    private static func check(_ value: borrowing Span<UInt8>, of name: HeaderName) throws(RequestError) {
        if value.isPlain { return }
        var isASCII = true
        for index in 0..<value.count {
            let byte = value[index]
            if byte &- 0x20 < 0x5f || byte == 0x09 { continue }
            guard byte >= 0x80 else { throw .controlInValue(of: name, byte: byte) }
            isASCII = false
        }
        if isASCII { return }
        do { _ = try UTF8Span(validating: value.extracting(first: value.count)) } catch {
            throw .encodingOfValue(of: name)
        }
    }
}

/// For values that are known to be what a field may have; limits are for what comes from outside.
extension Headers {
    mutating func add(_ name: HeaderName, checked value: String) { add(name, value.utf8.span) }

    mutating func replace(_ name: HeaderName, withChecked value: String) { replace(name, with: value.utf8.span) }

    /// Gives all fields of a name another one, each in its place.
    mutating func rename(_ name: HeaderName, to other: HeaderName) {
        var renamed = Headers(limits: limits)
        for place in slots.indices {
            let given = self.name(at: place)
            renamed.add(given == name ? other : given, storage.span.extracting(slots[place].value))
        }
        self = renamed
    }

    mutating func add(_ name: HeaderName, _ value: borrowing Span<UInt8>) {
        beginValue(of: name)
        storage.append(value)
        endValue()
    }

    mutating func replace(_ name: HeaderName, with value: borrowing Span<UInt8>) {
        guard let first = beginOnlyValue(of: name) else { return add(name, value) }
        storage.append(value)
        endReplacement(of: first)
    }

    /// Makes what `write` adds to the bytes the value of the only field of this name.
    @inline(__always)
    mutating func replace(_ name: HeaderName, _ write: (inout [UInt8]) -> Void) {
        guard let first = beginOnlyValue(of: name) else {
            beginValue(of: name)
            write(&storage)
            return endValue()
        }
        write(&storage)
        endReplacement(of: first)
    }

    /// Drops all fields of a name but the first, and begins another value for that; nil if there is none.
    private mutating func beginOnlyValue(of name: HeaderName) -> Int? {
        guard let first = slot(of: name) else { return nil }
        if let second = slot(of: name, from: first + 1) { removeSlots(from: second) { $0.isNamed(name, $1) } }
        beginReplacement(of: first)
        return first
    }

    /// Begins a field, whose value is what is added to the storage until ``endValue()``.
    mutating func beginValue(of name: HeaderName) {
        makeRoom()
        if name.code == 0 { storage.append(name.text) }
        present |= name.bit
        slots.append(
            Slot(
                start: UInt32(truncatingIfNeeded: storage.count), count: 0,
                nameCount: UInt32(truncatingIfNeeded: name.text.utf8.count), code: name.code))
    }

    mutating func endValue() {
        let last = slots.count - 1
        slots[last].count = UInt32(truncatingIfNeeded: storage.count) &- slots[last].start
        bytes += slots[last].lineBytes
    }

    /// Begins another value for a field, up to ``endReplacement(of:)``; the storage of the old one is lost.
    /// - Returns: where the old value still lies.
    @discardableResult
    mutating func beginReplacement(of slot: Int) -> Range<Int> {
        makeRoom()
        reclaim()
        bytes -= slots[slot].lineBytes
        let old = slots[slot].value
        if slots[slot].code == 0 { storage.appendCopy(of: slots[slot].name) }
        slots[slot].start = UInt32(truncatingIfNeeded: storage.count)
        return old
    }

    mutating func endReplacement(of slot: Int) {
        slots[slot].count = UInt32(truncatingIfNeeded: storage.count) &- slots[slot].start
        bytes += slots[slot].lineBytes
    }

    /// Grows by what a gateway usually adds, rather than bit by bit.
    @inline(__always)
    mutating func makeRoom() {
        if storage.capacity - storage.count < 64 { storage.reserveCapacity(storage.count + 384) }
        if slots.capacity == slots.count { slots.reserveCapacity(slots.count + 12) }
    }

    /// Copies what is in use, once most is not: so a field that is replaced again and again takes no more and more room.
    private mutating func reclaim() {
        guard storage.count > 4_096 else { return }
        let used = slots.reduce(0) { $0 + $1.storedBytes }
        guard storage.count > 2 * used + 4_096 else { return }
        var fresh: [UInt8] = []
        fresh.reserveCapacity(2 * used)
        for index in slots.indices {
            let slot = slots[index]
            if slot.code == 0 { fresh.append(contentsOf: storage[slot.name]) }
            slots[index].start = UInt32(truncatingIfNeeded: fresh.count)
            fresh.append(contentsOf: storage[slot.value])
        }
        storage = fresh
    }
}
