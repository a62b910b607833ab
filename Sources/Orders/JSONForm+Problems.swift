import FoundationEssentials

extension JSONForm {
    /// The value that these bytes say.
    /// - Throws: an error that ``problem(_:)`` has words for.
    static func decoded<Value: Decodable>(_ bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(bytes))
    }

    /// What is wrong with bytes that could not be decoded, in one line: `lines[0].quantity must be a whole number`.
    static func problem(_ error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
        case DecodingError.valueNotFound(_, let context): "\(place(context.codingPath)) is null"
        case DecodingError.typeMismatch(let type, let context):
            "\(place(context.codingPath)) must be \(words(for: type))"
        // The decoder says the same of a number that is not whole, or too large.
        default: "what it says is no JSON of texts and whole numbers"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        var place = ""
        for key in path {
            if let index = key.intValue {
                place += "[\(index)]"
            } else {
                place += place.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return place.isEmpty ? "what it says" : place
    }

    private static func words(for type: Any.Type) -> String {
        switch type {
        case is String.Type: "a text"
        case is any BinaryInteger.Type: "a whole number"
        case is any RangeReplaceableCollection.Type: "a list"
        default: "an object"
        }
    }
}
