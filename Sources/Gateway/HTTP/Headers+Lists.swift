/// Fields whose values are lists: several fields of a name are one list (RFC 9110, sections 5.3 and 5.6.1).
extension Headers {
    /// The elements of the list that all fields of a name are together; empty ones are left out, commas in quotes belong
    /// to their element.
    public func elements(of name: HeaderName) -> [String] {
        var elements: [String] = []
        forEachElement(of: name) { elements.append(text(in: $0)) }
        return elements
    }

    /// Whether a list has an element, letters in upper and lower case being the same.
    public func hasElement(_ element: String, in name: HeaderName) -> Bool {
        let wanted = element.utf8.span
        var found = false
        forEachElement(of: name) { range in
            if !found { found = Self.areSame(storage.span.extracting(range), wanted) }
        }
        return found
    }

    private static func areSame(_ left: borrowing Span<UInt8>, _ right: borrowing Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left[index].lowercased != right[index].lowercased { return false }
        return true
    }

    /// Calls `visit` with where each element lies, in order.
    @inline(__always)
    func forEachElement(of name: HeaderName, _ visit: (Range<Int>) -> Void) {
        forEachSlot(of: name) { slot in
            Self.forEachPart(of: storage.span, in: slots[slot].value, separator: 0x2c, visit)
        }
    }

    /// Calls `visit` with where each part of a range lies between separators that stand in no quotes, without blanks at
    /// its ends; not for empty parts.
    @inline(__always)
    static func forEachPart(
        of bytes: borrowing Span<UInt8>, in range: Range<Int>, separator: UInt8, _ visit: (Range<Int>) -> Void
    ) {
        var start = range.lowerBound
        var index = start
        var isQuoted = false
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == separator, !isQuoted {
                let part = bytes.trimmed(start..<index)
                if !part.isEmpty { visit(part) }
                start = index + 1
            } else if byte == 0x22 {
                isQuoted.toggle()
            } else if byte == 0x5c, isQuoted {
                // The byte after a backslash is taken as it is (section 5.6.4).
                index += 1
            }
            index += 1
        }
        let part = bytes.trimmed(min(start, range.upperBound)..<range.upperBound)
        if !part.isEmpty { visit(part) }
    }

    /// Adds an element to a list, unless it has it already or, where `wildcard` says so, an asterisk.
    mutating func addElement(_ element: String, to name: HeaderName, unlessWildcard: Bool = false) {
        guard contains(name) else { return add(name, checked: element) }
        guard !hasElement(element, in: name), !unlessWildcard || !hasElement("*", in: name) else { return }
        extend(name) { $0.append(element) }
    }

    /// Adds to the end of a list what `write` adds to the bytes; a list of its own if there is none.
    mutating func extend(_ name: HeaderName, _ write: (inout [UInt8]) -> Void) {
        guard var last = slot(of: name) else {
            beginValue(of: name)
            write(&storage)
            return endValue()
        }
        while let later = slot(of: name, from: last + 1) { last = later }
        beginExtension(of: last)
        if slots[last].start < storage.count { storage.append(contentsOf: [0x2c, 0x20]) }
        write(&storage)
        endReplacement(of: last)
    }

    private mutating func beginExtension(of slot: Int) {
        guard slots[slot].value.upperBound < storage.count else {
            // It lies at the end already.
            makeRoom()
            bytes -= slots[slot].lineBytes
            return
        }
        storage.appendCopy(of: beginReplacement(of: slot))
    }
}
