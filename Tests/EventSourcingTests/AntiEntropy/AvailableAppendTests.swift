import EventSourcing
import Testing
import Timeline

@Suite("Available replica: appends")
struct AvailableAppendTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let steps: String
        let stored: [UInt64]
        /// Whether the last step is refused.
        var isRefused = false

        var testDescription: String { steps }
    }

    /// KurrentDB's `appending_to_implicitly_created_stream.cs`, its tests with single events, in its notation: `1e0`
    /// appends event 1 behind version 0. Where it appends an event a second time, `0e5` and `0e0`, this store does not.
    static let cases: [Case] = [
        Case(steps: "0em1 1e0 2e1 3e2 4e3 5e4 0em1", stored: [0, 1, 2, 3, 4, 5]),
        Case(steps: "0em1 1e0 2e1 3e2 4e3 5e4 0any", stored: [0, 1, 2, 3, 4, 5]),
        Case(steps: "0em1 1e0 2e1 3e2 4e3 5e4 0e5", stored: [0, 1, 2, 3, 4, 5]),
        Case(steps: "0em1 1e0 2e1 3e2 4e3 5e4 0e6", stored: [0, 1, 2, 3, 4, 5], isRefused: true),
        Case(steps: "0em1 1e0 2e1 3e2 4e3 5e4 0e4", stored: [0, 1, 2, 3, 4, 5], isRefused: true),
        Case(steps: "0em1 0e0", stored: [0]),
        Case(steps: "0em1 0any", stored: [0]),
        Case(steps: "0em1 0em1", stored: [0]),
        Case(steps: "0em1 1e0 2e1 1any 1any", stored: [0, 1, 2]),
        // ExpectedVersionTests' own: nothing is there, something else is there, something must be there.
        Case(steps: "0e0", stored: [], isRefused: true),
        Case(steps: "0any 1em1", stored: [0], isRefused: true),
        Case(steps: "0exists", stored: [], isRefused: true),
        Case(steps: "0any 1exists 0exists", stored: [0, 1]),
        Case(steps: "0em1 1e0 1e0", stored: [0, 1]),
        Case(steps: "0em1 1e0 2e0", stored: [0, 1], isRefused: true),
    ]

    @Test("KurrentDB's rules, as far as they apply to one node", arguments: cases)
    func rules(example: Case) throws {
        var cluster = try ReplicaCluster(nodes: 1)
        let steps = example.steps.split(separator: " ")
        for (index, step) in steps.enumerated() {
            let split = try #require(step.firstIndex { $0 == "e" || $0 == "a" })
            let id = EventID(high: 0, low: try #require(UInt64(step[..<split])))
            let expected: AvailableReplica.Expectation =
                switch step[split...] {
                case "any": .any
                case "exists": .streamExists
                case "em1": .noStream
                case let text: .exactly(VersionVector([try #require(UInt32(text.dropFirst())) + 1]))
                }
            let result = cluster.append(at: 0, event: id, expecting: expected)
            let isRefused = if case .refused = result { true } else { false }
            #expect(isRefused == (example.isRefused && index == steps.count - 1), "\(step): \(result)")
        }
        #expect(cluster.history(0) == example.stored)
        #expect(cluster.arrivals(0) == example.stored)
    }

    @Test("a repetition is told the old entry, at whatever node that knows it")
    func repetition() throws {
        var cluster = try ReplicaCluster(nodes: 2)
        let id = EventID(high: 1, low: 1)
        let first = cluster.append(at: 0, event: id, expecting: .noStream)
        cluster.round(from: 1, with: 0)
        guard case .appended(let number) = first else { return #expect(Bool(false), "\(first)") }
        #expect(cluster.append(at: 1, event: id) == .wasThere(number))
        #expect(cluster.append(at: 1, event: id, expecting: .noStream) == .wasThere(number))
        #expect(cluster.append(at: 1, event: id, expecting: .exactly(VersionVector())) == .wasThere(number))
        #expect(cluster.replicas[1].totals.repeated == 3 && cluster.replicas[1].totals.appended == 0)
    }

    @Test("the same id in another stream is another event")
    func otherStream() throws {
        var cluster = try ReplicaCluster(nodes: 1)
        let id = EventID(high: 1, low: 1)
        cluster.append(at: 0, to: 0, event: id)
        #expect(cluster.append(at: 0, to: 1, event: id) == .appended(1))
        #expect(cluster.arrivals(0).count == 2)
    }

    @Test("an author who has read elsewhere what is not here yet is told so; one who has read too little, as well")
    func otherNode() throws {
        var cluster = try ReplicaCluster(nodes: 2)
        cluster.append(at: 0)
        cluster.append(at: 1)
        let read = cluster.replicas[0].vector(of: 0)
        // Both nodes hold one event: a mere count would let this pass.
        let here = VersionVector([0, 1])
        #expect(cluster.append(at: 1, expecting: .exactly(read)) == .refused(.notYetHere(here)))
        cluster.round(from: 0, with: 1)
        let both = VersionVector([1, 1])
        #expect(cluster.append(at: 1, expecting: .exactly(read)) == .refused(.wrongVersion(both)))
        #expect(cluster.append(at: 1, expecting: .exactly(both)) == .appended(2))
    }

    @Test("no stream beyond the last one; nothing is asked of it, either")
    func noSuchStream() throws {
        var cluster = try ReplicaCluster(nodes: 1, streams: 4)
        #expect(cluster.append(at: 0, to: 4) == .refused(.noSuchStream))
        #expect(cluster.append(at: 0, to: .max) == .refused(.noSuchStream))
        #expect(cluster.replicas[0].vector(of: .max).isZero && cluster.history(0, .max).isEmpty)
        #expect(cluster.replicas[0].openConflicts(of: .max).isEmpty)
        #expect(cluster.replicas[0].totals.refused == 2)
    }

    @Test("a node that has lost its disk appends nothing until it has its own entries back")
    func lostDisk() throws {
        var cluster = try ReplicaCluster(nodes: 2)
        cluster.append(at: 0)
        cluster.append(at: 0)
        cluster.round(from: 0, with: 1)
        cluster.replicas[0] = try AvailableReplica(node: 0, cluster.replicas[0].settings)
        #expect(cluster.append(at: 0) == .refused(.numberTaken))
        cluster.round(from: 0, with: 1)
        #expect(cluster.append(at: 0) == .appended(2))
        #expect(cluster.history(0) == [1, 2, 4])
    }

    @Test("settings and nodes out of range are refused by name")
    func settings() throws {
        typealias Settings = AvailableReplica.Settings
        let wrong: [(String, () throws -> Settings)] = [
            ("nodes", { try Settings(nodes: 0, streams: 1) }),
            ("nodes", { try Settings(nodes: 9, streams: 1) }),
            ("streams", { try Settings(nodes: 8, streams: 0) }),
            ("streams", { try Settings(nodes: 8, streams: 1 << 25) }),
            ("buckets", { try Settings(nodes: 8, streams: 1, buckets: 12) }),
            ("messageItems", { try Settings(nodes: 8, streams: 1, messageItems: 17) }),
            ("messageEntries", { try Settings(nodes: 8, streams: 1, messageEntries: 0) }),
            ("entryBytes", { try Settings(nodes: 8, streams: 1, entryBytes: -1) }),
        ]
        for (setting, make) in wrong {
            #expect(#expect(throws: SettingError.self) { try make() }?.setting == setting)
        }
        let settings = try Settings(nodes: 8, streams: 1)
        #expect([settings.buckets, settings.messageItems, settings.messageEntries] == [1_024, 16, 64])
        #expect(throws: SettingError("node", given: 8, allowed: "0 to 7")) {
            try AvailableReplica(node: 8, settings)
        }
    }
}
