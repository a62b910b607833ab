/// A key of a scenario file with one value: the only place that says how it is written, what it is when it is
/// left out, and what it means.
struct Key<Form: Notation>: Sendable {
    /// As files write it.
    let name: String
    let form: Form
    /// What holds when it is left out, as one would write it; nil for nothing.
    let standard: String?
    /// Whether it may change while the system runs.
    let isLive: Bool
    let meaning: String

    init(_ name: String, _ form: Form, standard: String? = nil, isLive: Bool = true, _ meaning: String) {
        self.name = name
        self.form = form
        self.standard = standard
        self.isLive = isLive
        self.meaning = meaning
    }
}

/// A key, whatever its values are.
protocol Setting: Sendable {
    var name: String { get }
    var pattern: String { get }
    var standard: String? { get }
    var isLive: Bool { get }
    var meaning: String { get }
}

extension Key: Setting {
    var pattern: String { form.pattern }
}
