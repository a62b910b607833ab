extension String {
    /// The beginning of a text from a trace, fit to be shown to a person.
    ///
    /// Control characters are replaced, since they could make a terminal do things.
    init(excerptOf text: Span<UInt8>) {
        let limit = 40
        var bytes: [UInt8] = []
        let beginning = text.extracting(first: limit)
        for place in beginning.indices { bytes.append(beginning[place]) }
        self = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            unicodeScalars.append(scalar.isControl ? "\u{fffd}" : scalar)
        }
        if text.count > limit { self += "…" }
    }
}

extension Unicode.Scalar {
    /// Whether it is of the C0 or C1 controls.
    fileprivate var isControl: Bool { value < 0x20 || 0x7f...0x9f ~= value }
}
