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
    /// The rules in short, in the same order.
    private let checks: [FieldCheck]

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
        checks = rules.map { FieldCheck($0) }
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
        for index in rules.indices {
            guard let place = rules[index].place(in: fields, from: inOrder ? next : 0) else {
                if checks[index].isRequired { violations.append(rules[index].absence) }
                continue
            }
            if !checks[index].surelyPasses(fields[place].value) { rules[index].check(fields[place].value, &violations) }
            (found, next) = (found + 1, place + 1)
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
