import CQRS
import EventSourcing
import Testing
import Timeline

/// Vectors: Axon's SequencedDeadLetterQueueTest (AX), and KurrentDB's issues (KU).
@Suite("Dead letters taken up again")
struct DeadLetterClaimTests {
    private let cause = DeadLetterQueueTests.cause
    private let other = DeadLetter.Cause(kind: "timeout")

    /// A queue with these letters, parked a millisecond apart; the first of each sequence has failed.
    private func queue(_ letters: [(Int, String)]) -> DeadLetterQueue {
        var queue = DeadLetterQueue(.standard)
        for (index, (number, sequence)) in letters.enumerated() {
            if queue.parkBehind(.n(number), of: sequence, at: .ms(Int64(index))) == nil {
                _ = queue.park(.n(number), of: sequence, because: cause, at: .ms(Int64(index)))
            }
        }
        return queue
    }

    /// Tries the letters of one sequence until one fails or none is left, as Axon's `process` does.
    private func process(
        _ queue: inout DeadLetterQueue, at now: Instant = .ms(100),
        where isWanted: (DeadLetter) -> Bool = { _ in true },
        _ result: (UInt64) -> DeadLetterQueue.Result = { _ in .handled }
    ) -> (tried: [UInt64], isDone: Bool) {
        guard var claim = queue.claim(at: now, where: isWanted) else { return ([], false) }
        var tried: [UInt64] = []
        while true {
            tried.append(claim.letter.id.low)
            let result = result(claim.letter.id.low)
            guard queue.finish(claim, result, at: now), result == .handled else { return (tried, false) }
            guard let next = queue.claim(claim.letter.sequence, at: now) else { return (tried, true) }
            claim = next
        }
    }

    @Test("AX processInvocationReturnsFalseIfThereAreNoLetters, ...NoMatchingLetters")
    func nothing() {
        var empty = queue([])
        #expect(process(&empty).tried.isEmpty)
        var letters = queue([(1, "a"), (2, "b")])
        #expect(process(&letters, where: { _ in false }).tried.isEmpty)
        #expect(letters.claim("c", at: .zero) == nil && letters.totals.attempts == 0)
    }

    @Test("AX processInvocationReturnsTrueAndEvictsTheLetter")
    func handled() {
        var letters = queue([(1, "a")])
        #expect(process(&letters) == ([1], true))
        #expect(!letters.contains("a") && letters.totals.handled == 1)
    }

    @Test("AX processInvocationReturnsFalseAndRequeuesTheLetter: with new cause, note and time, and an attempt more")
    func failed() {
        var letters = queue([(1, "a")])
        #expect(process(&letters, at: .ms(50), { _ in .failed(other, note: "again") }) == ([1], false))
        let letter = letters.letters(of: "a").first
        #expect(letter?.cause == other && letter?.note == "again" && letter?.attempts == 2)
        #expect(letter?.touchedAt == .ms(50) && letter?.parkedAt == .ms(0))
    }

    @Test("AX processInvocationInvokesProcessingTaskInLastTouchedOrderOfLetters")
    func touchedOrder() {
        var letters = queue([(1, "a"), (2, "b"), (3, "c")])
        #expect(process(&letters, at: .ms(50), { _ in .failed(other) }).tried == [1])
        #expect(process(&letters, at: .ms(51)).tried == [2])
        #expect(process(&letters, at: .ms(52)).tried == [3])
        #expect(process(&letters, at: .ms(53)).tried == [1])
    }

    @Test("AX processInvocationHandlesAllLettersInSequence, and of no other")
    func sequence() {
        var letters = queue([(1, "a"), (2, "a"), (3, "b"), (4, "a")])
        #expect(process(&letters) == ([1, 2, 4], true))
        #expect(letters.count == 1)
    }

    @Test("AX: the first that fails stops its sequence, and stays at its head")
    func stops() {
        var letters = queue([(1, "a"), (2, "a"), (3, "a")])
        #expect(process(&letters, { $0 == 2 ? .failed(other) : .handled }) == ([1, 2], false))
        #expect(letters.letters(of: "a").map(\.id.low) == [2, 3])
        #expect(process(&letters) == ([2, 3], true))
    }

    @Test("AX processInvocationReturnsFalseIfAllLetterSequencesAreClaimed: until the attempt's time is over")
    func claimed() throws {
        var letters = queue([(1, "a"), (2, "a"), (3, "b")])
        let first = try required(letters.claim(at: .ms(100)))
        #expect(first.letter.id == .n(1) && first.until == .ms(30_100))
        let second = try required(letters.claim(at: .ms(100)))
        #expect(second.letter.id == .n(3))
        #expect(letters.claim(at: .ms(100)) == nil && letters.claim("a", at: .ms(30_099)) == nil)
        let again = try required(letters.claim("a", at: .ms(30_100)))
        #expect(again.letter.id == .n(1), "nothing was lost with whoever vanished")
        #expect(letters.finish(first, .handled, at: .ms(30_101)) == false)
        #expect(letters.letters(of: "a").count == 2, "a late word changes nothing")
        #expect(letters.finish(again, .handled, at: .ms(30_102)) == true)
        #expect(letters.finish(again, .handled, at: .ms(30_102)) == false, "twice")
        #expect(letters.letters(of: "a").map(\.id.low) == [2])
    }

    @Test("an attempt can have longer, or be abandoned; a letter taken out meanwhile ends it")
    func extended() throws {
        var letters = queue([(1, "a"), (2, "a")])
        let claim = try required(letters.claim("a", at: .zero))
        #expect(letters.extend(claim, at: .ms(20_000)) == .ms(50_000))
        #expect(letters.isClaimed("a", at: .ms(49_999)) && !letters.isClaimed("a", at: .ms(50_000)))
        #expect(letters.abandon(claim, at: .ms(40_000)) == true)
        #expect(letters.abandon(claim, at: .ms(40_000)) == false)
        #expect(letters.letters(of: "a").first?.attempts == 1, "it was not made")
        let second = try required(letters.claim("a", at: .ms(40_000)))
        #expect(letters.evict(second.letter) == true)
        #expect(letters.finish(second, .handled, at: .ms(40_000)) == false)
        #expect(letters.extend(second, at: .ms(40_000)) == nil)
        #expect(letters.letters(of: "a").map(\.id.low) == [2])
    }

    @Test("a sequence that was only held back can go back to where it came from")
    func release() throws {
        var letters = queue([(1, "a"), (2, "a"), (3, "a")])
        #expect(letters.releaseHeldBack(of: "a", at: .zero).isEmpty, "the first has failed")
        let claim = try required(letters.claim("a", at: .zero))
        _ = letters.finish(claim, .handled, at: .zero)
        let next = try required(letters.claim("a", at: .zero))
        #expect(letters.releaseHeldBack(of: "a", at: .zero).isEmpty, "the first is being tried")
        _ = letters.abandon(next, at: .zero)
        #expect(letters.releaseHeldBack(of: "a", at: .zero).map(\.id.low) == [2, 3])
        #expect(!letters.contains("a") && letters.count == 0)
    }

    @Test("KU#3844: how many a replay will try is known before it begins, by cause")
    func plan() {
        var letters = queue([(1, "a"), (2, "a"), (3, "b"), (4, "c"), (5, "c"), (6, "c")])
        _ = letters.requeue(letters.letters(of: "b")[0], because: other, at: .ms(50))
        let plan = letters.replayPlan()
        #expect(plan.letters == 6)
        #expect(plan.groups.map(\.kind) == ["server", "timeout"])
        #expect(plan.groups.map(\.sequences) == [2, 1] && plan.groups.map(\.letters) == [5, 1])
        #expect(letters.replayPlan { $0.cause?.kind == "timeout" }.letters == 1)
        #expect(letters.replayPlan { $0.sequence == "c" }.letters == 3)
        #expect(letters.replayPlan { _ in false }.letters == 0)
    }

    /// Tries letters of a plan until it is finished or busy.
    private func run(
        _ plan: inout ReplayPlan, _ queue: inout DeadLetterQueue, at now: Instant = .ms(100),
        _ result: (UInt64) -> DeadLetterQueue.Result = { _ in .handled }
    ) -> [UInt64] {
        var tried: [UInt64] = []
        while case .attempt(let claim) = queue.next(in: &plan, at: now) {
            tried.append(claim.letter.id.low)
            _ = queue.finish(claim, result(claim.letter.id.low), at: now)
        }
        return tried
    }

    @Test("KU#500: a plan ends with the letters that were there when it was made; what came later stays")
    func planEnds() {
        var letters = queue([(1, "a"), (2, "a"), (3, "b")])
        var plan = letters.replayPlan()
        _ = letters.parkBehind(.n(4), of: "a", at: .ms(60))
        _ = letters.park(.n(5), of: "new", because: cause, at: .ms(60))
        #expect(run(&plan, &letters) == [1, 2, 3])
        #expect(letters.letters(of: "a").map(\.id.low) == [4] && letters.contains("new"))
        #expect(letters.next(in: &plan, at: .ms(101)) == .finished && plan.tried == 3)
    }

    @Test("a sequence of a plan stops at its first failure; each letter is tried once")
    func planStops() {
        var letters = queue([(1, "a"), (2, "a"), (3, "b"), (4, "b"), (5, "b")])
        var plan = letters.replayPlan()
        #expect(run(&plan, &letters) { $0 == 1 || $0 == 4 ? .failed(other) : .handled } == [1, 3, 4])
        #expect(letters.count == 4 && plan.tried == 3)
        var again = letters.replayPlan()
        #expect(again.letters == 4 && run(&again, &letters) == [1, 2, 4, 5])
    }

    @Test("several workers share a plan, each with another sequence; one that vanishes counts as failed")
    func sharedPlan() throws {
        var letters = queue([(1, "a"), (2, "a"), (3, "b"), (4, "b")])
        var plan = letters.replayPlan()
        guard case .attempt(let a) = letters.next(in: &plan, at: .zero),
            case .attempt(let b) = letters.next(in: &plan, at: .zero)
        else { throw DeadLetterQueueTests.Missing() }
        #expect([a.letter.id, b.letter.id] == [.n(1), .n(3)])
        #expect(letters.next(in: &plan, at: .zero) == .busy)
        #expect(letters.finish(b, .handled, at: .zero) == true)
        #expect(run(&plan, &letters, at: .ms(1)) == [4])
        #expect(letters.next(in: &plan, at: .ms(29_999)) == .busy)
        #expect(letters.next(in: &plan, at: .ms(30_000)) == .finished)
        #expect(letters.letters(of: "a").map(\.id.low) == [1, 2])
    }

    @Test("a letter taken out, or handled by somebody else, is not in the way of a plan")
    func disturbedPlan() throws {
        var letters = queue([(1, "a"), (2, "a"), (3, "b")])
        var plan = letters.replayPlan()
        #expect(letters.evict(letters.letters(of: "a")[0]) == true)
        _ = letters.evictAll(of: "b")
        #expect(run(&plan, &letters) == [2])
    }
}
