import EventSourcing

/// The first event of a saga's stream: which saga it is, under which definition it runs to its end, and its data.
///
/// `saga=order version=2 id=7 data=total:cents:1999`
struct SagaOpening: StoredEvent {
    static let type = "SagaOpened"

    /// A value that the saga was started with.
    struct Field: Hashable {
        var name: String
        var value: SagaValue
    }

    /// The name of the definition.
    let saga: String
    /// Its version.
    let definitionVersion: Int
    /// The saga's own id.
    let id: UInt64
    /// Its data, in the order of the definition's fields.
    let fields: [Field]

    init(of saga: Saga, under definition: SagaDefinition) {
        self.saga = definition.name
        definitionVersion = definition.version
        id = saga.id
        fields = definition.data.indices.compactMap { index in
            let value = saga.data.value(of: index, under: definition)
            return value.map { Field(name: definition.data[index].name, value: $0) }
        }
    }

    /// What was stored, if the definition has fields of these names and kinds; nil if it has others.
    func data(under definition: SagaDefinition) -> SagaData? {
        let isSame = fields.elementsEqual(definition.data) { $0.name == $1.name && $0.value.kind == $1.kind }
        return isSame ? SagaData(fields.map(\.value)) : nil
    }

    var type: String { Self.type }

    var schema: Int { 1 }

    var data: [UInt8] {
        var line = FieldWriter()
        line.write("saga", text: saga)
        line.write("version", definitionVersion)
        line.write("id", id)
        for field in fields { line.write("data", field.name, field.value) }
        return line.bytes
    }

    init(_ event: EventData) throws(UnreadableEvent) {
        guard event.type == Self.type else { throw .unknownType(event.type) }
        guard event.schema == 1 else { throw .newerForm(event.type, schema: event.schema) }
        var reader = FieldReader(event.data)
        do throws(FieldError) {
            saga = try reader.text("saga")
            definitionVersion = try reader.number("version")
            id = try reader.number("id")
            var fields: [Field] = []
            while let (name, value) = try reader.namedValue("data") { fields.append(Field(name: name, value: value)) }
            self.fields = fields
            try reader.end()
        } catch {
            throw .undecodable("\(event.type): \(error)")
        }
    }
}
