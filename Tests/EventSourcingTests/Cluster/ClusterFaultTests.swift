import EventSourcing
import Testing
import Timeline

@Suite("Cluster under faults")
struct ClusterFaultTests {
    private func driver(
        acknowledgements: Int? = nil, votes: Int? = nil, isFenced: Bool = true
    ) throws -> ClusterDriver {
        ClusterDriver(
            try ClusterSettings(
                nodes: 3, partitions: 1, acknowledgements: acknowledgements, votes: votes, isFenced: isFenced))
    }

    @Test("an append counts when a majority has it on disk; then every node gets it")
    func happyWay() throws {
        var driver = try driver()
        let stream = driver.cluster.addStream(hash: 1)
        let leader = try #require(driver.cluster.leader(of: 0))
        driver.append(1, to: stream, at: leader)
        #expect(driver.answers[1] == nil)
        driver.run(for: .seconds(1))
        guard case .appended(let entry)? = driver.answers[1] else {
            Issue.record("not appended")
            return
        }
        #expect(driver.log == [1] && driver.cluster.log.mark == Position(1))
        for node in 0..<3 { #expect(driver.cluster.committedHead(of: stream, on: node) == entry) }
    }

    @Test("KurrentDB: a repetition while the first is under way is not ready; afterwards it was there")
    func notYetReplicated() throws {
        var driver = try driver()
        let stream = driver.cluster.addStream(hash: 1)
        let leader = try #require(driver.cluster.leader(of: 0))
        driver.append(1, to: stream, expecting: .noStream, at: leader)
        driver.append(1, to: stream, expecting: .noStream, at: leader)
        #expect(driver.answers[1] == .notYetReplicated)
        driver.run(for: .seconds(1))
        driver.append(1, to: stream, expecting: .noStream, at: leader)
        #expect(driver.acknowledged == [1])
        #expect(driver.log == [1])
    }

    @Test("a node that does not lead says who does")
    func notLeader() throws {
        var driver = try driver()
        driver.run(for: .seconds(1))
        let stream = driver.cluster.addStream(hash: 1)
        let leader = try #require(driver.cluster.leader(of: 0))
        driver.append(1, to: stream, at: (leader + 1) % 3)
        #expect(driver.answers[1] == .notLeader(hint: leader))
    }

    @Test("a leader that is cut off is replaced; what it takes meanwhile does not count, and nothing is lost")
    func cutLeader() throws {
        var driver = try driver()
        let stream = driver.cluster.addStream(hash: 1)
        let old = try #require(driver.cluster.leader(of: 0))
        driver.append(1, to: stream, at: old)
        driver.run(for: .seconds(1))
        driver.cut = [old]
        driver.append(2, to: stream, at: old)
        driver.run(for: .seconds(5))
        let new = try #require(driver.cluster.leader(of: 0))
        #expect(new != old && driver.answers[2] == nil)
        driver.append(3, to: stream, expecting: .at(0), at: new)
        driver.run(for: .seconds(1))
        #expect(driver.acknowledged == [1, 3])
        driver.cut = []
        driver.run(for: .seconds(5))
        #expect(driver.answers[2] == .unknown, "the old leader steps down, and says that it does not know")
        #expect(driver.log == [1, 3] && driver.cluster.totals.lostEvents == 0)
        #expect(driver.cluster.committedHead(of: stream, on: old) == driver.cluster.committedHead(of: stream, on: new))
    }

    /// With one acknowledgement and one vote a node needs nobody: two leaders take appends, and one of them in vain.
    @Test("what a new leader lacks may still count if that leader falls at once: nobody has read past it")
    func entryThatComesBack() throws {
        var driver = try ClusterDriver(ClusterSettings(nodes: 3, partitions: 1), seed: 3)
        let stream = driver.cluster.addStream(hash: 1)
        driver.run(for: .seconds(1))
        let old = try #require(driver.cluster.leader(of: 0))
        driver.cut = [old]
        driver.append(1, to: stream, at: old)
        let before = driver.leaders.count
        while driver.leaders.count == before, driver.now < .after(.seconds(20)) { driver.run(for: .microseconds(50)) }
        let new = try #require(driver.leaders.last).node
        #expect(new != old)
        driver.crash(new)
        driver.cut = [new]
        driver.run(for: .seconds(10))
        #expect(driver.cluster.leader(of: 0) == old)
        driver.cut = []
        driver.restart(new)
        driver.run(for: .seconds(10))
        #expect(driver.log == [1] && driver.counted.count == 1)
        #expect(driver.cluster.totals.lostEvents == 0)
    }

    @Test("split brain: without majorities both sides answer, and one side's appends are lost")
    func splitBrain() throws {
        var driver = try driver(acknowledgements: 1, votes: 1)
        let stream = driver.cluster.addStream(hash: 1)
        driver.run(for: .seconds(1))
        let old = try #require(driver.cluster.leader(of: 0))
        driver.cut = [old]
        driver.run(for: .seconds(5))
        let new = try #require(driver.cluster.leader(of: 0))
        #expect(new != old)
        for ticket in [1, 2, 3] as [UInt64] { driver.append(ticket, to: stream, at: old) }
        driver.append(4, to: stream, at: new)
        driver.run(for: .seconds(1))
        #expect(driver.acknowledged == [1, 2, 3, 4], "all four were promised")
        driver.cut = []
        driver.run(for: .seconds(10))
        #expect(driver.log == [4])
        #expect(driver.cluster.totals.lostEvents == 3)
    }

    /// The leader stands still for 10 s, and goes on as if nothing had happened.
    @Test("a stale leader: fencing refuses what it sends, without it overwrites what its successor was promised")
    func staleLeader() throws {
        let fenced = try (1...10).map { try afterStaleLeader(isFenced: true, seed: $0) }
        #expect(fenced.allSatisfy { $0.log == [1] && $0.acknowledged == [1] && $0.cluster.totals.lostEvents == 0 })
        #expect(fenced.allSatisfy { $0.cluster.totals.fenced > 0 })
        let unfenced = try (1...10).map { try afterStaleLeader(isFenced: false, seed: $0) }
        let fooled = unfenced.filter { $0.acknowledged == [1, 2] }
        #expect(fooled.count >= 5)
        #expect(fooled.allSatisfy { $0.cluster.totals.lostEvents == 1 && $0.cluster.totals.overwritten > 0 })
    }

    private func afterStaleLeader(isFenced: Bool, seed: UInt64) throws -> ClusterDriver {
        let settings = try ClusterSettings(nodes: 3, partitions: 1, isFenced: isFenced)
        var driver = ClusterDriver(settings, seed: seed)
        let stream = driver.cluster.addStream(hash: 1)
        driver.run(for: .seconds(1))
        let old = try #require(driver.cluster.leader(of: 0))
        driver.paused = [old]
        driver.run(for: .seconds(10))
        driver.append(1, to: stream, at: try #require(driver.cluster.leader(of: 0)))
        driver.run(for: .seconds(1))
        driver.append(2, to: stream, at: old)
        driver.resume(old)
        driver.run(for: .seconds(10))
        return driver
    }

    /// While it was cut off it has asked for votes again and again; nobody who hears of a leader gives it one.
    @Test("a node that was cut off and comes back does not unseat the leader")
    func comeback() throws {
        var driver = try driver()
        driver.run(for: .seconds(1))
        let leader = try #require(driver.cluster.leader(of: 0))
        driver.cut = [(leader + 1) % 3]
        driver.run(for: .seconds(20))
        driver.cut = []
        driver.run(for: .seconds(20))
        #expect(driver.leaders.count == 1 && driver.cluster.leader(of: 0) == leader)
    }

    @Test("with one acknowledgement, a crash loses what only the leader had")
    func crashWithOneCopy() throws {
        var driver = try driver(acknowledgements: 1)
        let stream = driver.cluster.addStream(hash: 1)
        driver.run(for: .seconds(1))
        let old = try #require(driver.cluster.leader(of: 0))
        driver.cut = [old]
        driver.append(1, to: stream, at: old)
        driver.run(for: .milliseconds(50))
        #expect(driver.acknowledged == [1])
        driver.crash(old)
        driver.cut = []
        driver.run(for: .seconds(10))
        #expect(driver.log == [] && driver.cluster.totals.lostEvents == 1)
    }

    @Test("without a majority nothing counts; when it is back, it goes on")
    func noMajority() throws {
        var driver = try driver()
        let stream = driver.cluster.addStream(hash: 1)
        driver.run(for: .seconds(1))
        driver.crash(0)
        driver.crash(1)
        driver.run(for: .seconds(10))
        for node in 0..<3 { driver.append(1, to: stream, at: node) }
        driver.run(for: .seconds(5))
        #expect(driver.acknowledged.isEmpty)
        driver.restart(0)
        driver.run(for: .seconds(10))
        driver.append(2, to: stream, at: try #require(driver.cluster.leader(of: 0)))
        driver.run(for: .seconds(1))
        #expect(driver.acknowledged.contains(2) && driver.cluster.totals.lostEvents == 0)
    }

    @Test("the mark waits for a partition that is slow, and passes what will never count")
    func mark() throws {
        var driver = ClusterDriver(try ClusterSettings(nodes: 6, partitions: 2))
        // Two partitions without a node in common, as far as this number of nodes allows.
        let streams = (0..<40).map { driver.cluster.addStream(hash: UInt64($0)) }
        let slow = try #require(streams.first { driver.cluster.partition(of: $0) == 0 })
        let fast = try #require(streams.first { driver.cluster.partition(of: $0) == 1 })
        driver.run(for: .seconds(1))
        let (old, other) = (driver.cluster.leader(of: 0) ?? 0, driver.cluster.leader(of: 1) ?? 0)
        try #require(old != other)
        driver.cut = [old]
        driver.append(1, to: slow, at: old)
        driver.append(2, to: fast, at: other)
        driver.run(for: .milliseconds(400))
        #expect(driver.acknowledged == [2])
        #expect(driver.cluster.log.mark == .start, "position 1 is undecided")
        driver.run(for: .seconds(10))
        #expect(driver.cluster.log.mark == Position(2) && driver.log == [2])
        #expect(driver.cluster.log.fate(of: Position(1)) == .dead)
    }
}
