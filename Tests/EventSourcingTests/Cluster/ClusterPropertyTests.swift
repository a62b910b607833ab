import EventSourcing
import Testing
import Timeline

@Suite("Cluster, at random")
struct ClusterPropertyTests {
    /// Random appends under random crashes, cuts, pauses, losses, repetitions and delays, then peace.
    private struct Storm {
        var driver: ClusterDriver
        var random: RandomStream
        let streams: [UInt32]
        let nodes: Int
        /// What was under way, to be repeated with the same id.
        var asked: [(ticket: UInt64, stream: UInt32)] = []
        /// The log as readers have seen it.
        var seen: [UInt64] = []

        init(seed: UInt64) throws {
            random = RandomStream(seed: seed, name: "storm", purpose: "test")
            nodes = 3 + Int(random.below(3))
            let settings = try ClusterSettings(nodes: nodes, partitions: 1 + Int(random.below(3)), copies: 3)
            var driver = ClusterDriver(settings, seed: seed)
            driver.loss = random.uniform() * 0.2
            driver.duplication = random.uniform() * 0.2
            driver.delay = .milliseconds(1 + Int64(random.below(60)))
            streams = (0..<6).map { driver.cluster.addStream(hash: $0) }
            self.driver = driver
        }

        mutating func step() {
            switch random.below(12) {
            case 0: if driver.cut.count + driver.paused.count < 2 { driver.cut.insert(anyNode()) }
            case 1: driver.cut = []
            case 2: if driver.cut.count + driver.paused.count < 2 { driver.paused.insert(anyNode()) }
            case 3: if let node = driver.paused.min() { driver.resume(node) }
            case 4:
                driver.crash(anyNode())
            case 5: for node in 0..<nodes { driver.restart(node) }
            case 6: if let again = asked.randomElement(using: &random) { append(again.ticket, to: again.stream) }
            default:
                asked.append((UInt64(asked.count + 1), streams[Int(random.below(6))]))
                append(asked[asked.count - 1].ticket, to: asked[asked.count - 1].stream)
            }
            driver.run(for: .milliseconds(Int64(random.below(400))))
            checkPrefix()
        }

        private mutating func anyNode() -> Int { Int(random.below(UInt64(nodes))) }

        private mutating func append(_ ticket: UInt64, to stream: UInt32) {
            if driver.acknowledged.contains(ticket) { return }
            let partition = driver.cluster.partition(of: stream)
            let node = random.chance(0.7) ? driver.cluster.leader(of: partition) ?? anyNode() : anyNode()
            guard !driver.cut.contains(node), !driver.paused.contains(node) else { return }
            driver.append(ticket, to: stream, at: node)
        }

        /// What readers have seen never changes: it only grows at its end.
        mutating func checkPrefix() {
            let log = driver.log
            #expect(log.starts(with: seen))
            seen = log
        }

        mutating func calm() {
            driver.loss = 0
            driver.cut = []
            for node in 0..<nodes {
                driver.resume(node)
                driver.restart(node)
            }
            driver.run(for: .seconds(20))
            checkPrefix()
        }
    }

    @Test(
        "no event that was answered for is lost, none is there twice, and what was read never changes",
        arguments: 1...20)
    func safety(seed: UInt64) throws {
        var storm = try Storm(seed: seed)
        for _ in 0..<120 { storm.step() }
        storm.calm()
        let log = storm.driver.log
        #expect(Set(log).count == log.count, "seed \(seed)")
        #expect(storm.driver.acknowledged.isSubset(of: log), "seed \(seed)")
        let counted = storm.driver.counted.map { storm.driver.cluster.tree[$0].payload }
        #expect(counted.sorted() == log.sorted(), "seed \(seed): each is said once to count")
        #expect(storm.driver.cluster.totals.lostEvents == 0, "seed \(seed)")
        #expect(storm.driver.cluster.log.mark == storm.driver.cluster.log.last, "seed \(seed): all is decided")
        try checkStreams(storm)
    }

    /// Every stream's versions are without gaps, in the order of the log, and the same on every node that keeps it.
    private func checkStreams(_ storm: Storm) throws {
        let cluster = storm.driver.cluster
        for stream in storm.streams {
            let partition = cluster.partition(of: stream)
            let heads = cluster.views(of: partition).map { cluster.committedHead(of: stream, on: $0.node) }
            #expect(Set(heads).count == 1)
            var (entry, version, position) = (heads[0], cluster.tree.versionOrNone(heads[0]), Position(.max))
            while entry != 0 {
                #expect(cluster.tree[entry].version.number == version && cluster.tree[entry].position < position)
                position = cluster.tree[entry].position
                version -= 1
                entry = cluster.tree[entry].previousInStream
            }
            #expect(version == -1)
        }
    }

    @Test("the same seed gives the same cluster")
    func deterministic() throws {
        var digests: [[UInt64]] = []
        for _ in 0..<2 {
            var storm = try Storm(seed: 7)
            for _ in 0..<60 { storm.step() }
            digests.append(storm.driver.log + storm.driver.leaders.map { UInt64($0.epoch) })
        }
        #expect(digests[0] == digests[1] && !digests[0].isEmpty)
    }
}

extension HistoryTree {
    fileprivate func versionOrNone(_ entry: UInt32) -> Int64 { entry == 0 ? -1 : self[entry].version.number }
}

extension Array {
    fileprivate func randomElement(using random: inout RandomStream) -> Element? {
        isEmpty ? nil : self[Int(random.below(UInt64(count)))]
    }
}
