import Caching
import Testing
import Timeline

@Suite("Write strategies: the steps of a write")
struct WritePlanTests {
    /// A small fast level over two larger ones; the first does not take the value.
    private let levels: [LevelChange] = [.invalidate, .update, .update]

    @Test(
        "the store or the queue first, then every level from the lowest up, then the flush if the answer waits for it",
        arguments: [
            (.writeThrough, .eventual, [.store], 1), (.writeThrough, .readYourWrites, [.store], 4),
            (.writeThrough, .strong, [.store], 4), (.writeBehind, .eventual, [.enqueue], 1),
            (.writeBehind, .readYourWrites, [.enqueue], 4), (.writeBehind, .strong, [.enqueue, .awaitFlush], 5),
        ] as [(WriteStrategy, ConsistencyLevel, [WriteStep], Int)])
    func steps(strategy: WriteStrategy, consistency: ConsistencyLevel, ends: [WriteStep], before: Int) {
        let plan = WritePlan(strategy, consistency, isDelete: false, levels: levels)
        let between: [WriteStep] = [.level(2, .update), .level(1, .update), .level(0, .invalidate)]
        #expect(plan.steps == ends.prefix(1) + between + ends.dropFirst())
        #expect(plan.stepsBeforeAnswer == before)
    }

    @Test("a delete and a write around the cache update no level, and leave none out")
    func invalidations() {
        let expected: [WriteStep] = [.level(2, .invalidate), .level(1, .invalidate), .level(0, .invalidate)]
        for strategy in WriteStrategy.allCases {
            let plan = WritePlan(strategy, .readYourWrites, isDelete: true, levels: levels)
            #expect(Array(plan.steps.dropFirst()) == expected)
        }
        let around = WritePlan(.writeAround, .strong, isDelete: false, levels: levels)
        #expect(around.steps == [.store] + expected && around.stepsBeforeAnswer == 4)
    }

    @Test("without levels there is the store alone")
    func noLevels() {
        #expect(WritePlan(.writeThrough, .strong, isDelete: false, levels: []).steps == [.store])
    }

    @Test("who reads between two steps reads the older value only until somebody has read the newer one")
    func readersBetween() {
        for seed in 0..<500 as Range<UInt64> {
            var run = Readers(seed: seed)
            guard run.neverGoBack() else {
                Issue.record("seed \(seed)")
                return
            }
        }
    }

    /// A write of 2 over 1, and readers who carry what they find up into the levels that missed it.
    struct Readers {
        var random: RandomStream
        var levels: [Int?]
        var source = 1
        var newest = 1

        init(seed: UInt64) {
            random = RandomStream(seed: seed, name: "levels", purpose: "readers")
            levels = [nil, nil, nil]
            for level in levels.indices where random.chance(0.5) { levels[level] = 1 }
        }

        /// Whether no reader finds 1 after another has found 2, nor anybody after the write.
        mutating func neverGoBack() -> Bool {
            let strategy = WriteStrategy.allCases[Int(random.below(3))]
            let changes: [LevelChange] = levels.map { _ in random.chance(0.5) ? .update : .invalidate }
            var run = WriteRun(WritePlan(strategy, .strong, isDelete: false, levels: changes))
            while let step = run.next {
                take(step)
                run.finish(.done)
                for _ in 0..<random.below(4) where !read() { return false }
            }
            newest = 2
            return run.answer == .made && (0..<6).allSatisfy { _ in read() }
        }

        private mutating func take(_ step: WriteStep) {
            switch step {
            case .store, .enqueue: source = 2
            case .level(let level, .update): levels[level] = 2
            case .level(let level, .invalidate): levels[level] = nil
            case .awaitFlush: break
            }
        }

        /// A reader comes, after somebody had to leave a level; returns whether it finds nothing older than others did.
        private mutating func read() -> Bool {
            if random.chance(0.4) { levels[Int(random.below(3))] = nil }
            let found = levels.firstIndex { $0 != nil }
            let value = found.flatMap { levels[$0] } ?? source
            for level in 0..<(found ?? levels.count) { levels[level] = value }
            defer { newest = max(newest, value) }
            return value >= newest
        }
    }
}
