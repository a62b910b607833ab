import Caching
import Testing
import Timeline

@Suite("Rules of invalidation")
struct InvalidationRulesTests {
    private func rules() throws -> InvalidationRules {
        try InvalidationRules(
            [
                InvalidationPattern(KeyPattern("user:*"), .ttl(.seconds(5)), .group),
                InvalidationPattern(KeyPattern("*:name"), .lazy, .none),
                InvalidationPattern(KeyPattern("user:7:*"), .ttl(.seconds(2)), .others),
                InvalidationPattern(KeyPattern("price:?"), .immediate, .all),
            ], otherwise: .lazy, .others)
    }

    @Test(
        "all patterns that match apply, the strongest and the widest, and the default only if none does",
        arguments: [
            ("user:8", InvalidationDecision(.ttl(.seconds(5)), .group, matches: [0])),
            ("user:8:name", InvalidationDecision(.lazy, .group, matches: [0, 1])),
            ("user:7:age", InvalidationDecision(.ttl(.seconds(2)), .others, matches: [0, 2])),
            ("user:7:name", InvalidationDecision(.lazy, .others, matches: [0, 1, 2])),
            ("price:1", InvalidationDecision(.immediate, .all, matches: [3])),
            ("price:10", InvalidationDecision(.lazy, .others)),
        ])
    func decisions(key: String, decision: InvalidationDecision) throws {
        #expect(try rules().decision(for: key) == decision)
    }

    @Test("without any pattern everybody drops every key at once")
    func noPatterns() throws {
        #expect(try InvalidationRules([]).decision(for: "a") == InvalidationDecision(.immediate, .all))
    }

    @Test("strategies are in one order, each stronger than all after it")
    func strength() {
        let order: [InvalidationStrategy] = [.immediate, .lazy, .ttl(.zero), .ttl(.seconds(1)), .ttl(.seconds(2))]
        for (left, stronger) in order.enumerated() {
            for (right, weaker) in order.enumerated() { #expect(stronger.isStronger(than: weaker) == (left < right)) }
        }
    }

    @Test("each propagation tells those of the one before it, and others")
    func receivers() throws {
        let settings = try InvalidationBusSettings(nodes: 4, groups: [1, 2, 1, 2], recovery: nil)
        let told = Propagation.allCases.map { Array(settings.receivers(of: $0, from: 2)) }
        #expect(told == [[], [0], [0, 1, 3], [0, 1, 2, 3]])
        #expect(settings.receivers(of: .all, from: 4).isEmpty && settings.receivers(of: .all, from: -1).isEmpty)
    }

    @Test("a life below 0 is refused by its name")
    func refused() throws {
        let all = try KeyPattern("*")
        let error = #expect(throws: SettingError.self) {
            try InvalidationPattern(all, .ttl(.nanoseconds(-1)), .all)
        }
        #expect(error?.setting == "ttl")
        #expect(throws: SettingError.self) { try InvalidationRules([], otherwise: .ttl(.seconds(-1))) }
        let pattern = try InvalidationPattern(all, .lazy, .all)
        let tooMany = [InvalidationPattern](repeating: pattern, count: 1_001)
        #expect(throws: SettingError.self) { try InvalidationRules(tooMany) }
    }
}
