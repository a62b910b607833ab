public import Timeline

/// Which fields a body has, and what they hold.
public struct Schema: Hashable, Sendable {
    /// How many rules there can be.
    public static let mostRules = 64
    /// How many fields a body can have; of one with more only that is said.
    public static let mostFields = 256

    /// The rules; violations are reported in their order.
    public let rules: [FieldRule]
    /// Whether a body may have other fields.
    public let allowsOthers: Bool

    /// Checks a schema.
    /// - Throws: a ``SettingError`` for a name with two rules, and for more than ``mostRules``.
    public init(_ rules: [FieldRule], allowsOthers: Bool = false) throws(SettingError) {
        guard rules.count <= Self.mostRules else {
            throw SettingError("rules", given: rules.count, allowed: "\(Self.mostRules) at most")
        }
        for (place, rule) in rules.enumerated() where rules[..<place].contains(where: { $0.isOf(rule.name) }) {
            throw SettingError("field", given: rule.name, allowed: "one rule for each name")
        }
        self.rules = rules
        self.allowsOthers = allowsOthers
    }

    /// Everything that is wrong with a body: first by the rules in their order, then fields that are there twice or have
    /// no rule, in the order of the body.
    public func violations(in fields: [BodyField]) -> [Violation] {
        guard fields.count <= Self.mostFields else {
            let allowed = "\(Self.mostFields) fields at most"
            return [Violation("body", .count, given: "\(fields.count) fields", allowed: allowed)]
        }
        var violations: [Violation] = []
        // Most bodies have their fields in the order of the schema, and no others.
        if check(fields, inOrder: true, &violations) == fields.count { return violations }
        // Otherwise some may be there twice, and of those the first counts.
        violations = []
        _ = check(fields, inOrder: false, &violations)
        checkOthers(fields, &violations)
        return violations
    }

    /// Checks the fields that have rules; returns how many there are. In order, each is looked for after the one before it
    /// first.
    private func check(_ fields: [BodyField], inOrder: Bool, _ violations: inout [Violation]) -> Int {
        var (found, next) = (0, 0)
        for rule in rules {
            if let place = rule.place(in: fields, from: inOrder ? next : 0) {
                rule.check(fields[place].value, &violations)
                (found, next) = (found + 1, place + 1)
            } else if rule.isRequired {
                violations.append(rule.violation(.required, given: "nothing", allowed: "required"))
            }
        }
        return found
    }

    private func checkOthers(_ fields: [BodyField], _ violations: inout [Violation]) {
        for (place, field) in fields.enumerated() {
            let given = field.value.description
            guard rules.contains(where: { $0.isOf(field.name) }) else {
                if !allowsOthers {
                    violations.append(Violation(field.name, .known, given: given, allowed: "no such field"))
                }
                continue
            }
            if fields[..<place].contains(where: { $0.name.hasSameBytes(as: field.name) }) {
                violations.append(Violation(field.name, .once, given: given, allowed: "once"))
            }
        }
    }
}

extension FieldRule {
    func isOf(_ name: String) -> Bool { self.name.hasSameBytes(as: name) }

    /// Where a field of this name is: there, or the first one.
    func place(in fields: [BodyField], from hint: Int) -> Int? {
        if hint < fields.count, isOf(fields[hint].name) { return hint }
        return fields.firstIndex { isOf($0.name) }
    }

    func violation(_ rule: Violation.Rule, given: String, allowed: String) -> Violation {
        Violation(name, rule, given: given, allowed: allowed)
    }

    func check(_ value: FieldValue, _ violations: inout [Violation]) {
        switch (kind, value) {
        case (.any, _), (.flag, .flag): break
        case (.text(let rule), .text(let text)): check(text, rule, &violations)
        case (.whole(let range), .whole(let number)):
            guard let range, !range.contains(number) else { break }
            violations.append(violation(.range, given: "\(number)", allowed: Self.words(range)))
        case (.decimal(let range), .decimal(let number)): check(number, range, &violations)
        case (.decimal(let range), .whole(let number)): check(Double(number), range, &violations)
        default: violations.append(violation(.type, given: value.description, allowed: typeName))
        }
    }

    private func check(_ number: Double, _ range: ClosedRange<Double>?, _ violations: inout [Violation]) {
        if number.isFinite, range?.contains(number) ?? true { return }
        let allowed = range.map(Self.words) ?? "a finite number"
        violations.append(violation(.range, given: "\(number)", allowed: allowed))
    }

    private func check(_ text: String, _ rule: Text, _ violations: inout [Violation]) {
        if let length = rule.length, !Self.fits(text, length) {
            let allowed = "\(Self.words(length)) characters"
            violations.append(violation(.length, given: text, allowed: allowed))
        }
        if !rule.oneOf.isEmpty, !rule.oneOf.contains(where: { $0.hasSameBytes(as: text) }) {
            violations.append(violation(.oneOf, given: text, allowed: rule.oneOf.joined(separator: ", ")))
        }
        if let pattern = rule.pattern, !pattern.matches(text) {
            violations.append(violation(.pattern, given: text, allowed: pattern.text))
        }
    }

    private static func fits(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        let bytes = text.utf8.count
        // A scalar has one to four bytes, so mostly nothing has to be counted.
        if bytes <= length.upperBound, (bytes + 3) / 4 >= length.lowerBound { return true }
        if bytes < length.lowerBound { return false }
        return length.contains(text.utf8.count { !$0.isContinuation })
    }

    private static func words<Bound: CustomStringConvertible>(_ range: ClosedRange<Bound>) -> String {
        "\(range.lowerBound) to \(range.upperBound)"
    }

    private var typeName: String {
        switch kind {
        case .any: "anything"
        case .text: "a text"
        case .whole: "a whole number"
        case .decimal: "a number"
        case .flag: "true or false"
        }
    }
}
