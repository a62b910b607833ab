internal import Timeline

/// A change of the fields of a body.
public enum FieldStep: Hashable, Sendable {
    /// With another name for the field of this name, if there is one; an error if the other name is taken.
    case rename(String, to: String)
    /// Without any field of this name.
    case remove(String)
    /// With this field at the end, if there is none of its name.
    case setDefault(String, FieldValue)

    func check() throws(SettingError) {
        for name in names where name.isEmpty || name.utf8.count > 256 {
            throw SettingError("field", given: name, allowed: "a name of 1 to 256 bytes")
        }
    }

    private var names: [String] {
        switch self {
        case .rename(let name, let other): [name, other]
        case .remove(let name), .setDefault(let name, _): [name]
        }
    }

    func apply(to fields: inout [BodyField]) throws(TransformError) {
        switch self {
        case .rename(let name, let other):
            guard !name.hasSameBytes(as: other), has(name, fields) else { return }
            if has(other, fields) { throw .fieldTaken(other) }
            for place in fields.indices where fields[place].name.hasSameBytes(as: name) { fields[place].name = other }
        case .remove(let name): fields.removeAll { $0.name.hasSameBytes(as: name) }
        case .setDefault(let name, let value):
            if !has(name, fields) { fields.append(BodyField(name, value)) }
        }
    }

    private func has(_ name: String, _ fields: [BodyField]) -> Bool {
        fields.contains { $0.name.hasSameBytes(as: name) }
    }
}
