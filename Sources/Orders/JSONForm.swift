import EventSourcing
import FoundationEssentials

/// How what happens in the shop is written: as JSON, so that anybody can read a store, and query it.
enum JSONForm {
    /// The JSON of a value, its keys in order so that equal values have equal bytes.
    static func bytes(of value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Numbers, texts and lists of them: there is nothing that JSON could not say.
        guard let data = try? encoder.encode(value) else { return [] }
        return Array(data)
    }

    /// What an event of one of these types says, in the only form that there is so far.
    static func form<Form: Decodable>(
        of event: EventData, among types: [String]
    ) throws(UnreadableEvent) -> Form {
        guard types.contains(event.type) else { throw .unknownType(event.type) }
        guard event.schema == 1 else { throw .newerForm(event.type, schema: event.schema) }
        guard let form: Form = value(event.data) else { throw undecodable(event) }
        return form
    }

    /// That an event does not say what it should.
    static func undecodable(_ event: EventData) -> UnreadableEvent {
        .undecodable("the data of \(event.type) \(event.id) are not what they should be")
    }

    /// The value that these bytes say; nil if they are no JSON, or not of this form.
    static func value<Value: Decodable>(_ bytes: [UInt8]) -> Value? {
        try? decoded(bytes)
    }
}
