import CQRS
import EventSourcing
import Testing
import Timeline

@Suite("Sequenced queue")
struct SequencedQueueTests {
    private func queue(capacity: Int = 100, visibility: Duration = .seconds(30)) throws -> SequencedQueue {
        SequencedQueue(try .init(capacity: capacity, visibility: visibility))
    }

    @Test("AX CommandSequencingInterceptorTest: one of a sequence at a time, several sequences at once, in turns")
    func order() throws {
        var queue = try queue()
        for (number, sequence) in [(1, "a"), (2, "a"), (3, "b"), (4, "a"), (5, "b")] {
            #expect(queue.append(.n(number), to: sequence, at: .zero) == true)
        }
        let a = try required(queue.take(at: .zero))
        let b = try required(queue.take(at: .zero))
        #expect([a.id, b.id] == [.n(1), .n(3)])
        #expect(queue.take(at: .zero) == nil)
        #expect([queue.depth, queue.leased, queue.waiting, queue.lanesInUse] == [5, 2, 3, 2])
        #expect(queue.finish(b.ticket, at: .zero) == true)
        #expect(queue.take(at: .zero)?.id == .n(5))
        #expect(queue.finish(a.ticket, at: .zero) == true)
        #expect(queue.take(at: .zero)?.id == .n(2))
        #expect(queue.depth(of: "a") == 2 && queue.depth(of: "c") == 0)
    }

    @Test("sequences take turns, however long one of them is")
    func turns() throws {
        var queue = try queue()
        for number in 1...3 { _ = queue.append(.n(number), to: "long", at: .zero) }
        for number in 4...6 { _ = queue.append(.n(number), to: "short-\(number)", at: .zero) }
        var order: [UInt64] = []
        while let lease = queue.take(at: .zero) {
            order.append(lease.id.low)
            _ = queue.finish(lease.ticket, at: .zero)
        }
        #expect(order == [1, 4, 5, 6, 2, 3])
    }

    @Test("a full queue refuses, and what workers have counts")
    func capacity() throws {
        var queue = try queue(capacity: 2)
        #expect(queue.append(.n(1), to: "a", at: .zero) == true)
        #expect(queue.append(.n(2), to: "b", at: .zero) == true)
        let lease = try required(queue.take(at: .zero))
        #expect(queue.append(.n(3), to: "c", at: .zero) == false)
        #expect(queue.finish(lease.ticket, at: .zero) == true)
        #expect(queue.append(.n(3), to: "c", at: .zero) == true)
        #expect([queue.totals.added, queue.totals.refused, queue.totals.finished] == [3, 1, 1])
    }

    @Test("SQS's visibility timeout: a worker not heard of until then has vanished, exactly then, and its word is late")
    func vanished() throws {
        var queue = try queue(visibility: .seconds(30))
        _ = queue.append(.n(1), to: "a", at: .ms(5))
        let first = try required(queue.take(at: .ms(10)))
        #expect(first.until == .ms(30_010) && queue.nextWake == first.until)
        #expect([first.deliveries, first.vanished] == [1, 0] && first.addedAt == .ms(5))
        #expect(queue.take(at: .ms(30_009)) == nil && queue.holds(first.ticket, at: .ms(30_009)))
        #expect(!queue.holds(first.ticket, at: .ms(30_010)))
        #expect(queue.finish(first.ticket, at: .ms(30_010)) == false, "even if nobody has noticed yet")
        let second = try required(queue.take(at: .ms(30_010)))
        #expect([second.deliveries, second.vanished] == [2, 1] && second.id == .n(1))
        #expect(queue.postpone(first.ticket, until: .ms(40_000), at: .ms(30_011)) == false)
        #expect(queue.extend(first.ticket, at: .ms(30_011)) == nil)
        #expect(queue.finish(second.ticket, at: .ms(30_020)) == true)
        #expect(queue.finish(second.ticket, at: .ms(30_020)) == false, "twice")
        #expect([queue.totals.lapsed, queue.totals.late, queue.totals.taken] == [1, 4, 2])
        #expect(queue.depth == 0 && queue.nextWake == nil)
    }

    @Test("a worker that says that it needs longer has longer")
    func extend() throws {
        var queue = try queue(visibility: .seconds(30))
        _ = queue.append(.n(1), to: "a", at: .zero)
        let lease = try required(queue.take(at: .zero))
        #expect(queue.extend(lease.ticket, at: .ms(20_000)) == .ms(50_000))
        #expect(queue.take(at: .ms(49_999)) == nil)
        #expect(queue.finish(lease.ticket, at: .ms(49_999)) == true)
    }

    @Test("without a limit a worker never vanishes")
    func forEver() throws {
        var queue = try queue(visibility: .maximum)
        _ = queue.append(.n(1), to: "a", at: .ms(1))
        let lease = try required(queue.take(at: .ms(1)))
        #expect(queue.nextWake == nil)
        #expect(queue.take(at: .distantFuture) == nil)
        #expect(queue.finish(lease.ticket, at: .distantFuture) == true)
    }

    @Test("what is put off holds back its own sequence only, and is delivered again on the dot")
    func postpone() throws {
        var queue = try queue()
        for (number, sequence) in [(1, "a"), (2, "a"), (3, "b")] {
            _ = queue.append(.n(number), to: sequence, at: .zero)
        }
        let lease = try required(queue.take(at: .zero))
        #expect(queue.postpone(lease.ticket, until: .ms(100), at: .zero) == true)
        #expect(queue.nextWake == .ms(100))
        #expect(queue.take(at: .zero)?.id == .n(3))
        #expect(queue.take(at: .ms(99)) == nil)
        let again = try required(queue.take(at: .ms(100)))
        #expect(again.id == .n(1) && again.deliveries == 2 && again.vanished == 0)
        #expect(queue.postpone(again.ticket, until: .ms(100), at: .ms(100)) == true)
        #expect(queue.take(at: .ms(100))?.id == .n(1), "at once")
    }

    @Test("a sequence that is held back is not delivered; what its owner takes out and brings back keeps its order")
    func owner() throws {
        var queue = try queue(capacity: 4)
        for number in 1...4 { _ = queue.append(.n(number), to: "a", at: .zero) }
        queue.block("a")
        queue.block("b")
        #expect(queue.take(at: .zero) == nil)
        #expect(queue.removeFirst(of: "a") == .n(1))
        #expect(queue.removeFirst(of: "a") == .n(2))
        #expect(queue.removeFirst(of: "b") == nil)
        _ = queue.append(.n(5), to: "a", at: .zero)
        _ = queue.append(.n(6), to: "a", at: .zero)
        queue.restore([.n(1), .n(2)], to: "a", at: .zero)
        #expect(queue.depth == 6, "there is room for what had been let in")
        #expect(queue.take(at: .zero) == nil)
        queue.unblock("a")
        var order: [UInt64] = []
        while let lease = queue.take(at: .zero) {
            order.append(lease.id.low)
            #expect(queue.removeFirst(of: "a") == nil, "a worker has it")
            _ = queue.finish(lease.ticket, at: .zero)
        }
        #expect(order == [1, 2, 3, 4, 5, 6])
        #expect(queue.totals.added == queue.totals.finished + queue.totals.removed)
    }

    @Test("what is brought back stands behind what a worker has, or what waits for its time, and before the rest")
    func restoreBehind() throws {
        var queue = try queue()
        for number in 1...2 { _ = queue.append(.n(number), to: "a", at: .zero) }
        let lease = try required(queue.take(at: .zero))
        queue.restore([.n(8), .n(9)], to: "a", at: .zero)
        #expect(queue.take(at: .zero) == nil)
        #expect(queue.postpone(lease.ticket, until: .ms(5), at: .zero) == true)
        queue.restore([.n(7)], to: "a", at: .zero)
        var order: [UInt64] = []
        while let lease = queue.take(at: .ms(5)) {
            order.append(lease.id.low)
            _ = queue.finish(lease.ticket, at: .ms(5))
        }
        #expect(order == [1, 7, 8, 9, 2])
    }

    @Test("the oldest that waits is the first of a lane, or the second if a worker has the first")
    func oldest() throws {
        var queue = try queue()
        #expect(queue.oldestWaitingSince == nil)
        for (number, sequence) in [(1, "a"), (2, "b"), (3, "a")] {
            _ = queue.append(.n(number), to: sequence, at: .ms(Int64(number)))
        }
        #expect(queue.oldestWaitingSince == .ms(1))
        _ = queue.take(at: .ms(4))
        #expect(queue.oldestWaitingSince == .ms(2))
        _ = queue.take(at: .ms(4))
        #expect(queue.oldestWaitingSince == .ms(3))
    }
}
