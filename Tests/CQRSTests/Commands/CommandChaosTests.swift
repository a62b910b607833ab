import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

@Suite("Command bus under chaos")
struct CommandChaosTests {
    // A thousand milliseconds between two operations on average, and visibility and attempts of 30 s.
    @Test("workers fail and vanish, commands repeat, letters are replayed and taken out: nothing is lost or overtaken")
    func chaos() throws {
        for seed in 0..<40 as Range<UInt64> {
            var run = try Run(seed: seed)
            for step in 0..<400 {
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

    struct Run {
        var random: RandomStream
        var office: Office
        var now = Instant.zero
        var sent = 0
        /// The commands of each sequence that were accepted and are not over, in order.
        var open: [String: [Int]] = [:]
        var done: Set<Int> = []
        /// Steps that workers have, also of some that everybody else takes for vanished.
        var atWork: [CommandBus.Step] = []
        var plan: ReplayPlan?
        var isCalm = false
        var broken: String?

        init(seed: UInt64) throws {
            random = RandomStream(seed: seed, name: "bus", purpose: "chaos")
            let retry = try RetryPolicy(attempts: 2, backoff: .constant(.seconds(5)), jitter: .full)
            office = try Office(
                middleware: ["log"], retry: retry, conflictRetries: 1, capacity: 12,
                deadLetters: .init(sequences: 2, sequenceLength: 4), vanishedWorkers: 2, remembered: 1_000)
        }

        mutating func step() throws {
            now = now + .milliseconds(Int64(random.below(2_000)))
            if random.chance(0.02) { now = now + .seconds(35) }
            switch random.below(20) {
            case 0..<5: try send()
            case 5..<9: if let step = office.bus.take(from: "orders", at: now) { atWork.append(step) }
            case 9..<17: try work()
            case 17..<19: replay()
            case 19 where random.chance(0.3): evict()
            default: if !atWork.isEmpty { atWork.remove(at: Int(random.below(UInt64(atWork.count)))) }
            }
            try check()
        }

        /// No more failures: every command that is not over ends.
        mutating func finish() throws {
            isCalm = true
            for _ in 0..<500 where !open.values.allSatisfy(\.isEmpty) {
                // Whoever has something has vanished.
                now = now + .seconds(40)
                atWork = []
                if let step = office.bus.take(from: "orders", at: now) { atWork.append(step) }
                plan = nil
                replay()
                while !atWork.isEmpty { try work() }
            }
            try check()
            let left = open.values.flatMap(\.self)
            if !left.isEmpty { broken = "lost: \(left)" }
            let metrics = try office.metrics()
            if metrics.held != 0 || metrics.done != done.count { broken = "\(metrics)" }
        }

        private mutating func send() throws {
            if sent > 0, random.chance(0.2) {
                let old = 1 + Int(random.below(UInt64(sent)))
                let step = try office.bus.send(command(old), at: now)
                switch step {
                case .answer(.done, _): if !done.contains(old) { broken = "\(old) is not done" }
                case .answer(.accepted, _), .answer(.parked, _):
                    if open[sequence(old)]?.contains(old) != true { broken = "\(old) is over" }
                case .validate: try accept(old, step)
                default: break
                }
                return
            }
            sent += 1
            try accept(sent, office.bus.send(command(sent), at: now))
        }

        private mutating func accept(_ number: Int, _ step: CommandBus.Step) throws {
            if done.contains(number) { broken = "\(number) is done, and begins anew" }
            switch try office.reply(step, .pass, at: now).answer {
            case .accepted, .parked: open[sequence(number), default: []].append(number)
            case .rejected(.queueFull), .rejected(.deadLettersFull): break
            case let other: broken = "\(number): \(String(describing: other))"
            }
        }

        private func sequence(_ number: Int) -> String { "s\(number % 4)" }

        private func command(_ number: Int) throws -> CommandEnvelope {
            try .sample(number, type: "Ship", of: sequence(number))
        }

        /// Some worker replies to its step.
        private mutating func work() throws {
            guard !atWork.isEmpty else { return }
            let index = Int(random.below(UInt64(atWork.count)))
            let step = atWork.remove(at: index)
            let ticket = try #require(step.ticket)
            let number = office.bus.command(of: ticket)?.number
            let next = try office.reply(step, reply(to: step), at: now)
            switch next {
            case .run: atWork.append(next)
            case .answer(.done, _), .answer(.rejected, _):
                guard let number else { return broken = "an answer without a command" }
                if open[sequence(number)]?.first != number { broken = "\(number) has overtaken" }
                open[sequence(number)]?.removeAll { $0 == number }
                if next.answer == .done([]) { done.insert(number) }
            case .postponed, .parked, .late: break
            default: broken = "\(next)"
            }
        }

        private mutating func reply(to step: CommandBus.Step) -> CommandBus.Reply {
            guard !isCalm, step.stage == .handler else { return .pass }
            switch random.below(20) {
            case 0: return .fail(.fault(.client))
            case 1: return .reject("no")
            case 2...3: return .fail(.versionConflict())
            case 4...6: return .fail(.server)
            default: return .pass
            }
        }

        private mutating func replay() {
            var next = plan ?? office.bus.replayPlan(for: "orders")
            switch office.bus.replay(&next, of: "orders", at: now) {
            case .execute(let step):
                atWork.append(step)
                plan = next
            case .busy: plan = next
            case .finished: plan = nil
            }
        }

        private mutating func evict() {
            let sequence = "s\(random.below(4))"
            guard let letter = office.bus.deadLetters(of: "orders")?.letters(of: sequence).last else { return }
            if office.bus.evict(letter, from: "orders", at: now) {
                open[sequence]?.removeAll { $0 == Int(letter.id.low) }
            }
        }

        private mutating func check() throws {
            let metrics = try office.metrics()
            if metrics.sent != metrics.duplicates + metrics.ended + metrics.held { broken = "\(metrics)" }
            if metrics.held != open.values.reduce(0, { $0 + $1.count }) { broken = "held \(metrics.held), \(open)" }
            let queue = try #require(office.bus.commands(in: "orders"))
            let letters = try #require(office.bus.deadLetters(of: "orders"))
            if queue.depth + letters.count != metrics.held { broken = "\(queue.depth) and \(letters.count)" }
            let live = atWork.compactMap(\.ticket).compactMap { office.bus.command(of: $0)?.sequence }
            if Set(live).count != live.count { broken = "two of one sequence at once: \(live)" }
        }
    }
}
