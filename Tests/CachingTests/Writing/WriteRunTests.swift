import Caching
import Testing
import Timeline

@Suite("Write strategies: what becomes of a write")
struct WriteRunTests {
    private func run(
        _ strategy: WriteStrategy, _ consistency: ConsistencyLevel = .strong, levels: Int = 2
    ) -> WriteRun {
        WriteRun(
            WritePlan(
                strategy, consistency, isDelete: false, levels: [LevelChange](repeating: .update, count: levels)))
    }

    /// Finishes the step that is expected to be next.
    private func finish(_ run: inout WriteRun, _ step: WriteStep, _ outcome: WriteOutcome = .done) {
        #expect(run.next == step)
        run.finish(outcome)
    }

    @Test("an eventual write is answered after its first step, any other when it is done")
    func answers() {
        var (eventual, strong) = (run(.writeThrough, .eventual), run(.writeThrough))
        #expect(eventual.answer == nil && strong.answer == nil)
        for step in [.store, .level(1, .update), .level(0, .update)] as [WriteStep] {
            #expect(strong.answer == nil)
            finish(&eventual, step)
            finish(&strong, step)
            #expect(eventual.answer == .made)
        }
        #expect(strong.answer == .made && strong.next == nil)
        strong.finish(.done)
        #expect(strong.stepsTaken == 3)
    }

    @Test("vector 20: a level that cannot be updated is invalidated, so that nobody reads the older value there")
    func invalidated() {
        var run = run(.writeThrough)
        finish(&run, .store)
        finish(&run, .level(1, .update))
        finish(&run, .level(0, .update), .failed(.unavailable))
        finish(&run, .level(0, .invalidate))
        #expect(run.answer == .made)
    }

    @Test("vector 20: a level that cannot be invalidated either is named, and the others are changed all the same")
    func disagreeing() {
        var run = run(.writeThrough, .eventual)
        finish(&run, .store)
        finish(&run, .level(1, .update), .failed(.timedOut))
        #expect(run.answer == .made)
        finish(&run, .level(1, .invalidate), .failed(.timedOut))
        finish(&run, .level(0, .update))
        #expect(run.answer == .partlyMade(disagreeing: [1]) && run.next == nil)
    }

    @Test("what the store or the queue does not take touches no level", arguments: WriteStrategy.allCases)
    func refused(strategy: WriteStrategy) {
        var run = run(strategy)
        run.finish(.failed(.rejected))
        #expect(run.next == nil && run.answer == .failed(.rejected, disagreeing: []))
    }

    @Test("a store without an answer may have the write: every level loses the key before the caller hears of it")
    func unknown() {
        var run = run(.writeThrough)
        finish(&run, .store, .failed(.timedOut))
        #expect(run.answer == nil)
        finish(&run, .level(1, .invalidate))
        finish(&run, .level(0, .invalidate), .failed(.unavailable))
        #expect(run.answer == .failed(.timedOut, disagreeing: [0]))
    }

    @Test("what the queue took and the store never got leaves every level again")
    func neverFlushed() {
        var run = run(.writeBehind)
        finish(&run, .enqueue)
        finish(&run, .level(1, .update))
        finish(&run, .level(0, .update))
        finish(&run, .awaitFlush, .failed(.rejected))
        finish(&run, .level(1, .invalidate))
        #expect(run.answer == nil)
        finish(&run, .level(0, .invalidate))
        #expect(run.answer == .failed(.rejected, disagreeing: []))
    }

    @Test("whatever fails, a level that holds another value than the store is named")
    func named() {
        for seed in 0..<500 as Range<UInt64> {
            var random = RandomStream(seed: seed, name: "levels", purpose: "failures")
            let strategy = WriteStrategy.allCases[Int(random.below(3))]
            var run = run(strategy, levels: 4)
            var (store, levels) = (1, [Int?](repeating: 1, count: 4))
            while let step = run.next {
                let failure: WriteFailure = random.chance(0.5) ? .timedOut : .rejected
                let outcome: WriteOutcome = random.chance(0.4) ? .failed(failure) : .done
                // Half of what has no answer is done all the same.
                if outcome == .done || outcome == .failed(.timedOut) && random.chance(0.5) {
                    switch step {
                    case .store, .awaitFlush: store = 2
                    case .enqueue: break
                    case .level(let level, let change): levels[level] = change == .update ? 2 : nil
                    }
                }
                run.finish(outcome)
            }
            let differing = levels.indices.filter { levels[$0] != nil && levels[$0] != store }
            guard Set(differing).isSubset(of: run.disagreeing), run.answer != nil else {
                Issue.record("seed \(seed)")
                return
            }
        }
    }

    private func expectNext(_ batch: BatchWriteRun<String>, _ step: WriteStep, _ keys: [String]) {
        #expect(batch.next?.step == step && batch.next?.keys == keys)
    }

    @Test("a batch takes its steps together, and each key has an answer of its own")
    func batch() {
        let plan = WritePlan(.writeThrough, .strong, isDelete: false, levels: [.update])
        var batch = BatchWriteRun(["a", "b", "c", "d"].map { ($0, plan) })
        expectNext(batch, .store, ["a", "b", "c", "d"])
        batch.finish(.each([.done, .failed(.rejected), .done, .failed(.timedOut)]))
        expectNext(batch, .level(0, .update), ["a", "c"])
        batch.finish(.each([.failed(.unavailable), .done]))
        expectNext(batch, .level(0, .invalidate), ["a", "d"])
        batch.finish(.each([.failed(.unavailable), .done]))
        #expect(batch.next == nil && batch.writes.map(\.key) == ["a", "b", "c", "d"])
        let answers: [WriteRun.Answer?] = [
            .partlyMade(disagreeing: [0]), .failed(.rejected, disagreeing: []), .made,
            .failed(.timedOut, disagreeing: []),
        ]
        #expect(batch.writes.map(\.run.answer) == answers)
    }

    @Test("a key that falls behind in a batch joins the others again")
    func joining() {
        let plan = WritePlan(.writeThrough, .strong, isDelete: false, levels: [.update, .update])
        var batch = BatchWriteRun([("a", plan), ("b", plan)])
        batch.finish(.all(.done))
        batch.finish(.each([.done, .failed(.unavailable)]))
        expectNext(batch, .level(1, .invalidate), ["b"])
        batch.finish(.all(.done))
        expectNext(batch, .level(0, .update), ["a", "b"])
    }
}
