import CQRS
import EventSourcing
import Testing
import Timeline

/// Vectors: Axon's SequencedDeadLetterQueueTest (AX), and KurrentDB's issues (KU) where they are named.
@Suite("Dead letters")
struct DeadLetterQueueTests {
    static let cause = DeadLetter.Cause(kind: "server", detail: "down")
    private let cause = Self.cause

    private func queue(sequences: Int = 1024, length: Int = 1024) throws -> DeadLetterQueue {
        DeadLetterQueue(try .init(sequences: sequences, sequenceLength: length))
    }

    private func numbers(_ letters: [DeadLetter]) -> [UInt64] { letters.map(\.id.low) }

    @Test("AX enqueueAddsDeadLetter")
    func park() throws {
        var queue = try queue()
        guard case .parked(let letter) = queue.park(.n(1), of: "a", because: cause, attempts: 3, note: "x", at: .ms(5))
        else { throw Missing() }
        #expect(queue.contains("a") && !queue.contains("b"))
        #expect(queue.letters(of: "a") == [letter] && letter.cause == cause && letter.attempts == 3)
        #expect(letter.parkedAt == .ms(5) && letter.touchedAt == .ms(5) && letter.note == "x")
        #expect("\(cause)" == "server: down")
    }

    @Test("AX defaults: 1024 sequences of 1024 letters")
    func defaults() throws {
        let settings = try DeadLetterQueue.Settings()
        #expect([settings.sequences, settings.sequenceLength] == [1024, 1024])
        #expect(settings == .standard && settings.attemptTime == .seconds(30))
    }

    @Test("AX enqueueThrows...WhenMaxSequencesIsReached, isFull...: another sequence is refused, those parked are not")
    func tooManySequences() throws {
        var queue = try queue(sequences: 3)
        for number in 1...3 { _ = queue.park(.n(number), of: "s\(number)", because: cause, at: .zero) }
        #expect(queue.park(.n(4), of: "s4", because: cause, at: .zero) == .refused(.tooManySequences(3)))
        #expect(queue.refusal(for: "s4") == .tooManySequences(3) && queue.refusal(for: "s1") == nil)
        guard case .parked = queue.park(.n(5), of: "s1", because: cause, at: .zero) else { throw Missing() }
        #expect([queue.sequenceCount, queue.count, queue.totals.refused] == [3, 4, 1])
    }

    @Test("AX enqueueThrows...WhenMaxSequenceSizeIsReached, enqueueIfPresentThrows...ForFullQueue")
    func sequenceTooLong() throws {
        var queue = try queue(length: 2)
        _ = queue.park(.n(1), of: "a", because: cause, at: .zero)
        _ = queue.parkBehind(.n(2), of: "a", at: .zero)
        let refusal = DeadLetterQueue.Refusal.sequenceTooLong("a", 2)
        #expect(queue.park(.n(3), of: "a", because: cause, at: .zero) == .refused(refusal))
        #expect(queue.parkBehind(.n(3), of: "a", at: .zero) == .refused(refusal))
        #expect("\(refusal)" == "2 letters of a are parked, which is the limit; replay or evict them")
        #expect(queue.refusal(for: "b") == nil)
    }

    @Test("AX enqueueIfPresentDoesNotEnqueueForEmptyQueue, ...NonExistent..., ...EnqueuesForExisting...")
    func parkBehind() throws {
        var queue = try queue()
        #expect(queue.parkBehind(.n(1), of: "a", at: .zero) == nil)
        _ = queue.park(.n(1), of: "a", because: cause, at: .zero)
        #expect(queue.parkBehind(.n(2), of: "b", at: .zero) == nil && !queue.contains("b"))
        guard case .parked(let letter) = queue.parkBehind(.n(3), of: "a", at: .ms(1)) else { throw Missing() }
        #expect(letter.cause == nil && letter.attempts == 0)
        #expect(numbers(queue.letters(of: "a")) == [1, 3])
    }

    @Test("KU#3692: what is parked again is known, and there once")
    func parkedTwice() throws {
        var queue = try queue(length: 1)
        guard case .parked(let letter) = queue.park(.n(1), of: "a", because: cause, at: .zero) else { throw Missing() }
        let again = queue.park(.n(1), of: "a", because: cause, at: .ms(1))
        #expect(again == .wasParked(letter), "even in a full sequence")
        #expect(queue.parkBehind(.n(1), of: "a", at: .ms(1)) == .wasParked(letter))
        guard case .parked = queue.park(.n(1), of: "b", because: cause, at: .zero) else { throw Missing() }
        #expect(queue.count == 2, "the same id in another sequence is something else")
        #expect(queue.evict(letter) == true)
        guard case .parked = queue.park(.n(1), of: "a", because: cause, at: .zero) else { throw Missing() }
    }

    @Test(
        "AX evict...: a letter that is there goes, one that is not changes nothing, the last takes its sequence along")
    func evict() throws {
        var queue = try queue()
        _ = queue.park(.n(1), of: "a", because: cause, at: .zero)
        for number in 2...4 { _ = queue.parkBehind(.n(number), of: "a", at: .zero) }
        let letters = queue.letters(of: "a")
        #expect(queue.evict(letters[2]) == true)
        #expect(queue.evict(letters[2]) == false)
        #expect(queue.evict(letters[0]) == true)
        #expect(numbers(queue.letters(of: "a")) == [2, 4])
        #expect(queue.evict(letters[1]) == true)
        #expect(queue.evict(letters[3]) == true)
        #expect(!queue.contains("a") && queue.count == 0 && queue.firstLetters.isEmpty)
        #expect(queue.totals.evicted == 4)
    }

    @Test("a letter of another queue is not there, whatever its number")
    func foreign() throws {
        var (queue, other) = (try queue(), try self.queue())
        _ = queue.park(.n(1), of: "a", because: cause, reference: 4_711, at: .zero)
        _ = other.park(.n(2), of: "a", because: cause, attempts: .max, at: .zero)
        let letter = other.letters(of: "a")[0]
        #expect(queue.evict(letter) == false)
        #expect(queue.requeue(letter, because: cause, at: .zero) == false)
        #expect(queue.letters(of: "a").map(\.reference) == [4_711])
        let claim = try required(other.claim("a", at: .zero))
        #expect(queue.finish(claim, .handled, at: .zero) == false)
        #expect(other.finish(claim, .failed(cause), at: .zero) == true)
    }

    @Test("AX clearInvocationRemovesAllEntries, and all of one sequence")
    func evictAll() throws {
        var queue = try queue()
        for number in 1...3 { _ = queue.park(.n(number), of: "a", because: cause, at: .zero) }
        _ = queue.park(.n(4), of: "b", because: cause, at: .zero)
        #expect(numbers(queue.evictAll(of: "a")) == [1, 2, 3])
        #expect(!queue.contains("a") && queue.count == 1)
        #expect(queue.evictAll() == 1)
        #expect(queue.evictAll() == 0 && queue.sequenceCount == 0)
    }

    @Test("AX requeue...: cause, note and time are new, a letter that is not there is refused; the place stays")
    func requeue() throws {
        var queue = try queue()
        for number in 1...3 { _ = queue.park(.n(number), of: "a", because: cause, at: .zero) }
        let second = queue.letters(of: "a")[1]
        let newly = DeadLetter.Cause(kind: "timeout")
        #expect(queue.requeue(second, because: newly, note: "seen", at: .ms(9)) == true)
        let letters = queue.letters(of: "a")
        #expect(numbers(letters) == [1, 2, 3])
        #expect(letters[1].cause == newly && letters[1].note == "seen" && letters[1].touchedAt == .ms(9))
        #expect(letters[1].parkedAt == .zero)
        _ = queue.evict(second)
        #expect(queue.requeue(second, because: newly, at: .ms(9)) == false)
    }

    @Test("AX size, sequenceSize, amountOfSequences, deadLetters")
    func counts() throws {
        var queue = try queue()
        for (number, sequence) in [(1, "a"), (2, "b"), (3, "a"), (4, "b")] {
            _ = queue.park(.n(number), of: sequence, because: cause, at: .ms(Int64(number)))
        }
        #expect([queue.count, queue.sequenceCount, queue.count(of: "a"), queue.count(of: "c")] == [4, 2, 2, 0])
        #expect(numbers(queue.letters(of: "a")) == [1, 3] && numbers(queue.letters(of: "b")) == [2, 4])
        #expect(queue.letters(of: "c").isEmpty && queue.oldestSince == .ms(1))
    }

    struct Missing: Error {}
}
