import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

@Suite("Query bus under chaos")
struct QueryChaosTests {
    @Test("whoever asks after a change gets no answer from before it; everybody is told once; nothing stays in flight")
    func chaos() throws {
        for seed in 0..<40 as Range<UInt64> {
            var run = try Run(seed: seed)
            for step in 0..<300 {
                try run.step()
                if let broken = run.broken {
                    Issue.record("seed \(seed), operation \(step): \(broken)")
                    break
                }
            }
            try run.finish()
            if let broken = run.broken { Issue.record("seed \(seed), at the end: \(broken)") }
        }
    }

    /// Rows that change; a query answers which change of its row was the last. Replicas do not lag here.
    struct Run {
        var random: RandomStream
        var library: Library
        var now = Instant.zero
        var changes: [Int64] = [0, 0, 0]
        var position: Int64 = 0
        var callers: UInt64 = 0
        /// Who waits, and the least that they may be told.
        var waiting: [UInt64: (row: Int, least: Int64)] = [:]
        /// Steps that somebody works on, with what they have read.
        var atWork: [(step: Library.Bus.Step, read: Int64)] = []
        var broken: String?

        init(seed: UInt64) throws {
            random = RandomStream(seed: seed, name: "queries", purpose: "chaos")
            library = try Library(sharedFailure: random.chance(0.5) ? .handsOver : .isTold)
        }

        private static let types = ["Get", "Find", "Count", "Search"]

        mutating func step() throws {
            now = now + .milliseconds(Int64(random.below(1_500)))
            switch random.below(10) {
            case 0..<4: try ask()
            case 4: change()
            case 5..<9: try work()
            default: if !atWork.isEmpty { atWork.append(atWork[Int(random.below(UInt64(atWork.count)))]) }
            }
            try check()
        }

        mutating func finish() throws {
            while !atWork.isEmpty { try work() }
            try check()
            if !waiting.isEmpty { broken = "never told: \(waiting.keys.sorted())" }
            for shard in ["a", "b", "c"] where library.bus.shards.metrics(of: shard)?.inFlight != [0] {
                broken = "shard \(shard): \(String(describing: library.bus.shards.metrics(of: shard)))"
            }
        }

        private mutating func ask() throws {
            let row = Int(random.below(3))
            callers += 1
            waiting[callers] = (row, changes[row])
            let query = try Query(Self.types[Int(random.below(4))], key: "row-\(row)")
            take([library.bus.ask(query, from: callers, at: now)])
        }

        private mutating func change() {
            let row = Int(random.below(3))
            position += 1
            changes[row] = position
            library.bus.invalidate(["row:\(row)"], at: random.chance(0.5) ? Position(position) : nil)
        }

        /// Somebody who works on a step replies with what was true when it began.
        private mutating func work() throws {
            guard !atWork.isEmpty else { return }
            let (step, read) = atWork.remove(at: Int(random.below(UInt64(atWork.count))))
            let ticket = try #require(step.ticket)
            guard let row = library.bus.query(of: ticket)?.key?.last.flatMap({ Int(String($0)) }) else {
                return take(library.bus.resume(ticket, with: .pass, at: now))
            }
            let reply: Library.Bus.Reply
            switch step {
            case .validate: reply = .pass
            case .merge(let parts, _, _):
                // What the oldest part says is what the whole says.
                let oldest = parts.compactMap { Int64($0.result.value) }.min() ?? 0
                reply = .value("\(oldest)", "row:\(row)")
            default: reply = random.chance(0.15) ? .fail(.server) : .value("\(read)", "row:\(row)")
            }
            take(library.bus.resume(ticket, with: reply, at: now))
        }

        private mutating func take(_ steps: [Library.Bus.Step]) {
            for step in steps {
                switch step {
                case .answer(let answer, let told): tell(answer, told)
                case .joined: continue
                case .validate(let ticket), .execute(_, let ticket), .merge(_, _, let ticket):
                    let row = library.bus.query(of: ticket)?.key?.last.flatMap { Int(String($0)) } ?? 0
                    atWork.append((step, changes[row]))
                }
            }
        }

        private mutating func tell(_ answer: Library.Bus.Answer, _ told: [UInt64]) {
            for caller in told {
                guard let (row, least) = waiting.removeValue(forKey: caller) else {
                    broken = "\(caller) was told twice"
                    return
                }
                if case .response(let response) = answer, let value = Int64(response.value), value < least {
                    broken = "\(caller) asked after change \(least) of row \(row) and got \(value)"
                }
            }
        }

        private mutating func check() throws {
            for type in Self.types {
                let metrics = try library.metrics(type)
                let told = metrics.answered + metrics.rejected + metrics.failed + metrics.withdrawn
                if metrics.asked != told + metrics.waiting { broken = "\(type): \(metrics)" }
            }
        }
    }
}
