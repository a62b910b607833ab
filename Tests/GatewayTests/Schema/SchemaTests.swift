import Caching
import Gateway
import Testing
import Timeline

@Suite("Schemas of bodies")
struct SchemaTests {
    static func order(allowsOthers: Bool = false) throws -> Schema {
        try Schema(
            [
                FieldRule("customer", .text(.init(length: 1...8))),
                FieldRule("amount", .whole(1...100)),
                FieldRule("price", .decimal(0.01...999.5)),
                FieldRule("gift", .flag, isRequired: false),
                FieldRule(
                    "code", .text(.init(length: 0...6, oneOf: ["ab-1", "ab-2"], pattern: KeyPattern("ab-?"))),
                    isRequired: false),
            ], allowsOthers: allowsOthers)
    }

    static let good: [BodyField] = [
        BodyField("customer", .text("ada")), BodyField("amount", .whole(1)), BodyField("price", .decimal(0.01)),
        BodyField("gift", .flag(false)), BodyField("code", .text("ab-2")),
    ]

    struct Case: Sendable, CustomTestStringConvertible {
        var field: String
        var value: FieldValue?
        var violations: [String]

        init(_ field: String, _ value: FieldValue?, _ violations: [String] = []) {
            (self.field, self.value, self.violations) = (field, value, violations)
        }

        var testDescription: String { "\(field) \(value?.description ?? "absent")" }
    }

    static let cases: [Case] = [
        Case("customer", .text("ada")), Case("customer", nil, ["customer: nothing; allowed: required"]),
        Case("customer", .text(""), ["customer: ; allowed: 1 to 8 characters"]),
        Case("customer", .text("12345678")),
        Case("customer", .text("123456789"), ["customer: 123456789; allowed: 1 to 8 characters"]),
        Case("customer", .text("éééééééé")), Case("customer", .text("👍👍👍👍👍👍👍👍")),
        Case("customer", .text("👍👍👍👍👍👍👍👍👍"), ["customer: 👍👍👍👍👍👍👍👍👍; allowed: 1 to 8 characters"]),
        Case("customer", .whole(7), ["customer: 7; allowed: a text"]),
        Case("amount", .whole(100)), Case("amount", .whole(0), ["amount: 0; allowed: 1 to 100"]),
        Case("amount", .whole(101), ["amount: 101; allowed: 1 to 100"]),
        Case("amount", .decimal(1), ["amount: 1.0; allowed: a whole number"]),
        Case("amount", .text("1"), ["amount: 1; allowed: a whole number"]),
        Case("price", .decimal(999.5)), Case("price", .whole(999)),
        Case("price", .whole(1_000), ["price: 1000.0; allowed: 0.01 to 999.5"]),
        Case("price", .decimal(.nan), ["price: nan; allowed: 0.01 to 999.5"]),
        Case("price", .decimal(.infinity), ["price: inf; allowed: 0.01 to 999.5"]),
        Case("price", .flag(true), ["price: true; allowed: a number"]),
        Case("gift", nil), Case("gift", .whole(1), ["gift: 1; allowed: true or false"]),
        Case("gift", .absent, ["gift: null; allowed: true or false"]),
        Case("customer", .absent, ["customer: null; allowed: a text"]),
        Case("code", .text("ab-1")),
        Case("code", .text("ab-3"), ["code: ab-3; allowed: ab-1, ab-2"]),
        Case(
            "code", .text("x234567"),
            [
                "code: x234567; allowed: 0 to 6 characters", "code: x234567; allowed: ab-1, ab-2",
                "code: x234567; allowed: ab-?",
            ]),
        Case("Amount", .whole(1), ["Amount: 1; allowed: no such field"]),
        Case("", .whole(1), [": 1; allowed: no such field"]),
    ]

    @Test("each rule of each field", arguments: cases)
    func rules(expected: Case) throws {
        var fields = Self.good.filter { $0.name != expected.field }
        if let value = expected.value { fields.append(BodyField(expected.field, value)) }
        let violations = try Self.order().violations(in: fields)
        #expect(violations.map(\.description) == expected.violations)
    }

    @Test("all that is wrong is reported, in the order of the schema and then of the body")
    func all() throws {
        let fields: [BodyField] = [
            BodyField("zip", .text("1")), BodyField("gift", .text("no")), BodyField("amount", .whole(0)),
            BodyField("gift", .flag(true)), BodyField("age", .whole(7)),
        ]
        let violations = try Self.order().violations(in: fields)
        #expect(violations.map(\.field) == ["customer", "amount", "price", "gift", "zip", "gift", "age"])
        let rules: [Violation.Rule] = [.required, .range, .required, .type, .known, .once, .known]
        #expect(violations.map(\.rule) == rules)
        let others = try Self.order(allowsOthers: true).violations(in: fields)
        #expect(others.map(\.field) == ["customer", "amount", "price", "gift", "gift"])
    }

    @Test("no order of the fields makes a difference", arguments: 0..<20 as Range<UInt64>)
    func orders(seed: UInt64) throws {
        var random = RandomStream(seed: seed, name: "schema", purpose: "orders")
        var (rest, fields): ([BodyField], [BodyField]) = (Self.good, [])
        while !rest.isEmpty { fields.append(rest.remove(at: Int(random.below(UInt64(rest.count))))) }
        let schema = try Self.order()
        #expect(schema.violations(in: fields).isEmpty)
        fields[Int(random.below(5))].value = .text("wrong!!!!")
        #expect(!schema.violations(in: fields).isEmpty)
    }

    @Test("characters are counted, and not their bytes", arguments: [("éé", false), ("ééé", true), ("👍👍", false)])
    func shortest(text: String, isGood: Bool) throws {
        let schema = try Schema([FieldRule("a", .text(.init(length: 3...9)))])
        #expect(schema.violations(in: [BodyField("a", .text(text))]).isEmpty == isGood)
    }

    @Test("what was given is clipped, and does nothing to a log")
    func clipped() throws {
        let schema = try Schema([FieldRule("a", .flag)])
        let long = String(repeating: "x", count: 100_000)
        let violation = try #require(schema.violations(in: [BodyField("a", .text(long))]).first)
        #expect(violation.given == String(repeating: "x", count: 40) + "…")
        let evil = BodyField("\u{1b}[2J\r\n", .text("\u{0}\u{9b}b"))
        let other = try #require(schema.violations(in: [BodyField("a", .flag(true)), evil]).first)
        #expect(other.field == "?[2J??" && other.given == "??b")
    }

    @Test("a body of too many fields is not looked at further")
    func tooMany() throws {
        let fields = (0..<257).map { BodyField("f\($0)", .whole(0)) }
        let violations = try Self.order(allowsOthers: true).violations(in: fields)
        #expect(violations.map(\.description) == ["body: 257 fields; allowed: 256 fields at most"])
        let fewer = Array(fields.dropLast())
        #expect(try Self.order().violations(in: fewer).count == 3 + 256)
        #expect(try Schema([]).violations(in: []).isEmpty)
    }

    @Test("schemas that cannot be are refused")
    func refused() throws {
        let rule = try FieldRule("a")
        #expect(throws: SettingError.self) { try Schema([rule, rule]) }
        #expect(throws: SettingError.self) { try FieldRule("") }
        #expect(throws: SettingError.self) { try FieldRule("a", .text(.init(length: -1...3))) }
        let many = (0..<65).map { "f\($0)" }
        #expect(throws: SettingError.self) { try Schema(many.map { name in try FieldRule(name) }) }
    }
}
