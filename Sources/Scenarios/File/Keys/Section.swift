/// The keys that belong together in one mapping of a scenario file.
struct Section: Sendable {
    /// What the mapping describes: `a service`.
    let title: String
    let fields: [Field]
    /// Whether it holds, with its standards, when it is left out.
    var isImplied = false
    /// Keys that exclude each other.
    var choices: [Choice] = []

    /// Groups of keys of which a mapping has one.
    struct Choice: Sendable {
        let options: [[String]]
        let isRequired: Bool
    }

    /// The keys that a mapping may have, as a hint lists them.
    var keys: [String] { fields.map(\.name) }
}

/// One key of a section, by what stands under it.
enum Field: Sendable {
    /// A value.
    case setting(any Setting)
    /// A mapping with fixed keys.
    case section(String, Section, meaning: String)
    /// A mapping from names of the scenario's own to mappings with fixed keys.
    case named(String, Section, meaning: String)
    /// A list of mappings with fixed keys.
    case list(String, Section, meaning: String)
    /// The settings of the guards of this kind.
    case guards(GuardKind)
    /// Something with a grammar of its own.
    case special(String, pattern: String, meaning: String)

    var name: String {
        switch self {
        case .setting(let key): key.name
        case .section(let name, _, _), .named(let name, _, _), .list(let name, _, _), .special(let name, _, _): name
        case .guards(let kind): kind.rawValue
        }
    }
}
