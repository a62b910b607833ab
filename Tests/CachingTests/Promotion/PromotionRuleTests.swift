import Caching
import Testing
import Timeline

@Suite("Promotion")
struct PromotionRuleTests {
    static func pattern(_ frequency: Int, _ minutes: Int64, _ locality: Double) -> AccessPattern {
        AccessPattern(
            accesses: frequency, frequency: frequency, recency: .minutes(minutes), locality: locality, seasonality: 0,
            predictability: 0)
    }

    @Test("always copies to every nearer level, however little the key is used")
    func always() {
        #expect(PromotionRule.always.targets(for: .unseen, foundAt: 3, levels: 4) == 0..<3)
        #expect(PromotionRule.always.targets(for: .unseen, foundAt: 0, levels: 4).isEmpty)
    }

    @Test(
        "the guide's thresholds are the same from whichever level, and each must be passed, not only reached",
        arguments: [
            (pattern(51, 4, 0.81), 0), (pattern(50, 4, 0.81), 1), (pattern(51, 5, 0.81), 1),
            (pattern(51, 4, 0.8), 1), (pattern(11, 14, 0.61), 1), (pattern(10, 14, 0.61), 2),
            (pattern(11, 15, 0.61), 2), (pattern(11, 14, 0.6), 2), (pattern(4, 59, 0.41), 2),
            (pattern(3, 59, 0.41), 3), (pattern(4, 60, 0.41), 3), (pattern(4, 59, 0.4), 3),
            (.unseen, 3),
        ] as [(AccessPattern, Int)])
    func guide(pattern: AccessPattern, nearest: Int) {
        for found in 0...3 {
            let targets = PromotionRule.guide.targets(for: pattern, foundAt: found, levels: 4)
            #expect(Array(targets) == Array(0..<found).filter { $0 >= nearest })
        }
    }

    @Test("the last threshold is that of all further levels, and levels that there are not are no targets")
    func levels() {
        let pattern = Self.pattern(4, 1, 0.5)
        #expect(PromotionRule.guide.targets(for: pattern, foundAt: 6, levels: 7) == 2..<6)
        #expect(PromotionRule.guide.targets(for: pattern, foundAt: 9, levels: 4) == 2..<4)
        #expect(PromotionRule.guide.targets(for: pattern, foundAt: -1, levels: 4).isEmpty)
        #expect(PromotionRule.guide.targets(for: pattern, foundAt: 2, levels: -1).isEmpty)
    }

    @Test("thresholds can be set, and one that is missing is always passed")
    func ownThresholds() throws {
        let rule = try PromotionRule.thresholds(
            PromotionThresholds([PromotionThreshold(frequencyOver: 5), PromotionThreshold()]))
        #expect(rule.targets(for: Self.pattern(6, 600, 0), foundAt: 2, levels: 3) == 0..<2)
        #expect(rule.targets(for: .unseen, foundAt: 2, levels: 3) == 1..<2)
    }

    @Test("settings out of range are named")
    func checks() {
        #expect(throws: SettingError.self) { try PromotionThreshold(frequencyOver: -1) }
        #expect(throws: SettingError.self) { try PromotionThreshold(recencyUnder: .zero) }
        #expect(throws: SettingError.self) { try PromotionThreshold(localityOver: 1) }
        #expect(throws: SettingError.self) { try PromotionThreshold(localityOver: .nan) }
        #expect(throws: SettingError.self) { try PromotionThresholds([]) }
    }

    @Test("a further level's threshold that is stricter in any respect is refused")
    func stricter() throws {
        let near = try PromotionThreshold(frequencyOver: 5, recencyUnder: .minutes(5), localityOver: 0.5)
        let further = try [
            PromotionThreshold(frequencyOver: 6), PromotionThreshold(recencyUnder: .minutes(4)),
            PromotionThreshold(localityOver: 0.6),
        ]
        for threshold in further {
            let error = #expect(throws: SettingError.self) { try PromotionThresholds([near, near, threshold]) }
            #expect(error?.setting == "byLevel[2]")
        }
        let everything = try PromotionThreshold()
        for stricter in try [near, PromotionThreshold(recencyUnder: .maximum)] {
            #expect(throws: SettingError.self) { try PromotionThresholds([everything, stricter]) }
        }
        #expect(try PromotionThresholds([near, PromotionThreshold()])[7] == PromotionThreshold())
    }
}

@Suite("Placement")
struct PlacementTests {
    private static let hot = PromotionRuleTests.pattern(51, 4, 0.9)
    private static let local = PromotionRuleTests.pattern(2, 50, 0.61)
    private static let cold = PromotionRuleTests.pattern(2, 50, 0.6)
    private let room = [Int](repeating: .max, count: 4)

    @Test(
        "the guide places by size and heat, a newcomer by size alone, and each level behind has it too",
        arguments: [
            (1_023, hot, 0), (1_024, hot, 1), (1_023, local, 1), (1_023, cold, 2), (10_239, local, 1),
            (10_240, local, 2), (102_399, cold, 2), (102_400, hot, 3), (1_023, .unseen, 0), (1_024, .unseen, 1),
            (10_240, .unseen, 2), (102_400, .unseen, 3), (0, .unseen, 0),
        ] as [(Int, AccessPattern, Int)])
    func guide(size: Int, pattern: AccessPattern, first: Int) {
        #expect(Placement.guide.levels(for: size, pattern: pattern, room: room) == first..<4)
    }

    @Test("a key whose only use is the one that it is loaded for can start in the first level")
    func newcomer() throws {
        var history = try AccessHistory<Int>(AccessHistorySettings(keys: 4))
        history.record(1, at: .zero)
        let pattern = history.pattern(of: 1, at: .zero)
        #expect(Placement.guide.levels(for: 100, pattern: pattern, room: room) == 0..<4)
    }

    @Test("a level that cannot hold the value, and all levels before it, do not get it")
    func roomForIt() {
        let levels: (Int, [Int]) -> Range<Int> = { Placement.everywhere.levels(for: $0, pattern: .unseen, room: $1) }
        #expect(levels(10, [10, 20, 30]) == 0..<3)
        #expect(levels(11, [10, 20, 30]) == 1..<3)
        #expect(levels(25, [30, 20, 30]) == 2..<3)
        #expect(levels(31, [10, 20, 30]).isEmpty && levels(1, []).isEmpty)
        #expect(Placement.guide.levels(for: 1_000, pattern: Self.hot, room: [100, 5_000]) == 1..<2)
    }

    @Test("with fewer levels than limits the last level takes what none admits, with more the first without a limit")
    func fewerOrMore() {
        #expect(Placement.guide.levels(for: 1 << 20, pattern: .unseen, room: [.max, .max]) == 1..<2)
        let six = [Int](repeating: .max, count: 6)
        #expect(Placement.guide.levels(for: 1 << 20, pattern: .unseen, room: six) == 3..<6)
    }

    @Test("limits can be set, and a size of nothing is refused")
    func ownLimits() throws {
        let placement = try Placement.limits([PlacementLimit(sizeUnder: 10)])
        #expect(placement.levels(for: 9, pattern: Self.cold, room: room) == 0..<4)
        #expect(placement.levels(for: 10, pattern: Self.hot, room: room) == 1..<4)
        #expect(throws: SettingError.self) { try PlacementLimit(sizeUnder: 0) }
    }
}
