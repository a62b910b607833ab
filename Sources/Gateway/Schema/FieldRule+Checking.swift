import Caching

extension FieldRule {
    func isOf(_ name: String) -> Bool { self.name.hasSameBytes(as: name) }

    /// Where a field of this name is: there, or the first one.
    func place(in fields: [BodyField], from hint: Int) -> Int? {
        if hint < fields.count, isOf(fields[hint].name) { return hint }
        return fields.firstIndex { isOf($0.name) }
    }

    var absence: Violation { violation(.required, given: "nothing", allowed: "required") }

    private func violation(_ rule: Violation.Rule, given: String, allowed: String) -> Violation {
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
        // A scalar has one byte or more.
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
