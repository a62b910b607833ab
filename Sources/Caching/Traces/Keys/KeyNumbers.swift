/// Numbers keys 0, 1, 2, … in order of first use.
///
/// A key is an integer or a text of any bytes. A text that is an integer's decimal digits, as one would write them,
/// is the same key as the integer; `007` and `+7` are other keys than `7`.
///
/// An integer takes 21 to 43 bytes, a text some 80 besides its own, and half as much again while room is made.
public struct KeyNumbers: Sendable {
    /// The most distinct keys.
    public let limit: UInt32
    /// How many distinct keys there are.
    public private(set) var count: UInt32 = 0

    private var integers = NumberTable()
    private var texts = TextNumbers()

    /// Numbers for so many distinct keys; by default, for as many as there are numbers but one.
    public init(limit: UInt32 = .max) {
        self.limit = limit
    }

    /// The number of an integer.
    /// - Throws: ``TraceError/Problem/tooManyKeys(limit:)`` if it is new and there are as many as can be.
    public mutating func number(of integer: UInt64) throws(TraceError.Problem) -> UInt32 {
        let place = integers.place(of: integer)
        let known = integers[place]
        guard known == NumberTable.absent else { return known }
        let new = try next()
        integers.insert(integer, new, at: place)
        return new
    }

    /// The number of a text.
    /// - Throws: ``TraceError/Problem/tooManyKeys(limit:)`` if it is new and there are as many as can be.
    public mutating func number(ofText text: Span<UInt8>) throws(TraceError.Problem) -> UInt32 {
        if let integer = Self.integer(text) { return try number(of: integer) }
        switch texts.find(text) {
        case .known(let number): return number
        case .absent(let hash, let place):
            let new = try next()
            texts.insert(text, new, hash: hash, at: place)
            return new
        }
    }

    /// The integer that a text is.
    static func integer(_ text: Span<UInt8>) -> UInt64? {
        let isPlain = text.count == 1 || !text.isEmpty && text[0] != UInt8(ascii: "0")
        return isPlain ? UInt64(decimal: text) : nil
    }

    /// The number of an integer if the first look finds it; ``NumberTable/absent`` says nothing.
    func glance(at integer: UInt64) -> UInt32 { integers.glance(at: integer) }

    private mutating func next() throws(TraceError.Problem) -> UInt32 {
        guard count < limit else { throw .tooManyKeys(limit: limit) }
        defer { count += 1 }
        return count
    }
}
