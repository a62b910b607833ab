/// What a request carries: nothing, only so many bytes, or named fields.
public struct Body: Hashable, Sendable {
    /// The named fields; nil if nothing is known of the body but its size.
    public let fields: [BodyField]?
    /// How long it is in bytes; for fields, as the object of JSON (RFC 8259) without blanks that they make.
    public let size: Int

    /// No body.
    public static var none: Body { Body(size: 0) }

    /// A body of which only the size is known, in bytes; less than none counts as none.
    public init(size: Int) {
        self.size = max(0, size)
        fields = nil
    }

    /// A body of named fields.
    public init(_ fields: [BodyField]) {
        self.fields = fields
        size = fields.reduce(max(2, fields.count + 1)) { $0 + $1.size }
    }

    /// Whether there is none.
    public var isNone: Bool { size == 0 }

    /// The value of the first field of this name; nil if there is none, or if the fields are not known.
    public subscript(name: String) -> FieldValue? {
        fields?.first { $0.name == name }?.value
    }

    /// Whether it can be sent a second time: whoever sends it on keeps at most so many bytes of it meanwhile. A request
    /// whose body cannot be sent again is not tried again.
    public func isReplayable(upTo limit: Int) -> Bool { size <= max(0, limit) }
}
