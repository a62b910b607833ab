import Bulkheads
import Screen
import Testing
import Timeline

@testable import Dashboard

@Suite("The numbers of pools")
struct PoolFiguresTests {
    private static let start = Instant.zero

    private func semaphore() throws -> Semaphore {
        var semaphore = Semaphore(try Semaphore.Settings(permits: 1, maximumWait: .milliseconds(10)))
        _ = semaphore.acquire(1, at: Self.start)
        _ = semaphore.acquire(2, maximumWait: .zero, at: Self.start)
        _ = semaphore.acquire(3, at: Self.start)
        _ = semaphore.popExpired(at: Self.start + .milliseconds(10))
        _ = semaphore.acquire(4, at: Self.start + .milliseconds(10))
        _ = semaphore.release(forNobody: true, at: Self.start + .milliseconds(14))
        return semaphore
    }

    @Test("who waited for a permit in vain has expired and was not turned away as well")
    func refusals() throws {
        let figures = PoolFigures(try semaphore())
        #expect(figures.submitted == 4)
        #expect(figures.refusals.full == 1)
        #expect(figures.refusals.expired == 1)
    }

    @Test("the average wait is that of those who began, and work for nobody is counted")
    func runs() throws {
        let figures = PoolFigures(try semaphore())
        #expect(figures.runs.started == 2)
        #expect(figures.runs.meanWait == .milliseconds(2))
        #expect(figures.runs.ended == 1)
        #expect(figures.runs.meanRun == nil)
        #expect(figures.forNobody == 1)
    }

    @Test("an average of several pools together weighs each call alike")
    func sum() {
        var runs = PoolRuns(started: 3, ended: 3, failed: 1, waited: .milliseconds(3), ran: .milliseconds(30))
        runs.add(PoolRuns(started: 1, ended: 1, failed: 1, waited: .milliseconds(5), ran: .milliseconds(50)))
        #expect(runs.failed == 2)
        #expect(runs.meanWait == .milliseconds(2))
        #expect(runs.meanRun == .milliseconds(20))
    }

    @Test("the worst that a balancer makes of a replica is told, and whether all of them agree")
    func standing() {
        var standing = ReplicaStanding(.unhealthy)
        standing.add(.unhealthy)
        #expect(standing.worst == .unhealthy)
        #expect(standing.badge(Glyphs.unicode.marks).sign == Glyphs.unicode.marks.cross)
        standing.add(.ejected)
        standing.add(.eligible)
        #expect(standing.worst == .ejected)
        #expect(!standing.isUnanimous)
        #expect(standing.badge(Glyphs.unicode.marks).sign == Glyphs.unicode.marks.warning)
    }
}
