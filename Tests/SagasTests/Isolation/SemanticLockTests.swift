import Sagas
import Testing
import Timeline

/// Vectors: Eventuate Tram, `SagaLockManagerImpl` and its integration test (EV); the rest is what it lacks.
@Suite("Semantic locks")
struct SemanticLockTests {
    struct Script: Sendable, CustomTestStringConvertible {
        let rule: String
        var capacity = 100
        var waitingPerKey = 100
        let steps: [(String, String)]
        var testDescription: String { rule }
    }

    private static let held = [("1 locks 10", "granted"), ("2 locks 10", "waits behind 1, place 1")]

    private static let scripts = [
        Script(
            rule: "EV: a free key is claimed, by the same saga again, by another one not",
            steps: [
                ("1 locks 10", "granted"), ("1 locks 10", "had it"), ("2 tries 10", "refused: held by 1"),
                ("2 tries 11", "granted"),
            ]),
        Script(
            rule: "EV: a key that is given back goes to who is stashed, first come, first served",
            steps: held + [
                ("3 locks 10", "waits behind 1, place 2"), ("1 unlocks 10", "2 has 10"),
                ("1 tries 10", "refused: held by 2"),
                ("3 locks 10", "waits behind 2, place 1"), ("2 ends", "3 has 10"), ("3 ends", ""),
                ("4 locks 10", "granted"),
            ]),
        Script(
            rule: "what a saga does not hold it cannot give back",
            steps: held + [
                ("2 unlocks 10", ""), ("3 unlocks 10", ""), ("3 unlocks 99", ""), ("3 ends", ""),
                ("1 unlocks 10", "2 has 10"),
            ]),
        Script(
            rule: "a saga that is over gives its keys to others in the order in which they began to wait",
            steps: [
                ("1 locks 10", "granted"), ("1 locks 11", "granted"), ("1 locks 12", "granted"),
                ("2 locks 12", "waits behind 1, place 1"), ("3 locks 10", "waits behind 1, place 1"),
                ("4 locks 11", "waits behind 1, place 1"), ("5 locks 10", "waits behind 1, place 2"),
                ("1 ends", "2 has 12, 3 has 10, 4 has 11"), ("5 locks 10", "waits behind 3, place 1"),
            ]),
        Script(
            rule: "a saga that is over waits no more, and one that gives up lets those behind it move up",
            steps: held + [
                ("3 locks 10", "waits behind 1, place 2"), ("4 locks 10", "waits behind 1, place 3"), ("2 ends", ""),
                ("3 leaves 10", "true"), ("3 leaves 10", "false"), ("1 leaves 10", "false"), ("9 leaves 99", "false"),
                ("4 locks 10", "waits behind 1, place 1"), ("1 ends", "4 has 10"),
            ]),
        Script(
            rule: "deadlock: the saga that would close the circle is refused, and told through whom",
            steps: [
                ("1 locks 10", "granted"), ("2 locks 20", "granted"), ("3 locks 30", "granted"),
                ("1 locks 20", "waits behind 2, place 1"), ("2 locks 30", "waits behind 3, place 1"),
                ("3 locks 10", "refused: 3 > 10 > 1 > 20 > 2 > 30"), ("3 tries 10", "refused: held by 1"),
                ("4 locks 10", "waits behind 1, place 1"), ("3 ends", "2 has 30"), ("2 ends", "1 has 20"),
            ]),
        Script(
            rule: "deadlock through the queue: who waits for a key waits for those ahead of it too",
            steps: held + [
                ("3 locks 30", "granted"), ("3 locks 10", "waits behind 1, place 2"),
                ("2 locks 30", "refused: 2 > 30 > 3 > 10"), ("1 ends", "2 has 10"),
                ("2 locks 30", "refused: 2 > 30 > 3 > 10"), ("3 leaves 10", "true"),
                ("2 locks 30", "waits behind 3, place 1"),
            ]),
        Script(
            rule: "room is bounded: for all claims, and for those who wait for one key",
            capacity: 3, waitingPerKey: 1,
            steps: held + [
                ("3 locks 10", "refused: queue full behind 1"), ("3 locks 11", "granted"),
                ("4 locks 12", "refused: full"),
                ("4 locks 11", "refused: full"), ("2 leaves 10", "true"), ("4 locks 11", "waits behind 3, place 1"),
            ]),
    ]

    @Test("rules of the lock table, as scripts", arguments: scripts)
    func rules(_ script: Script) throws {
        var locks = SemanticLocks(try .init(capacity: script.capacity, waitingPerKey: script.waitingPerKey))
        for (number, (step, expected)) in script.steps.enumerated() {
            #expect(locks.run(step) == expected, "step \(number): \(step)")
        }
    }

    @Test("who has what and who waits since when can be seen; waits are measured and counted")
    func inspection() throws {
        var locks = SemanticLocks(try .init())
        _ = locks.acquire(10, by: 1, at: .zero)
        _ = locks.acquire(11, by: 1, at: .after(.seconds(1)))
        _ = locks.acquire(11, by: 2, at: .after(.seconds(2)))
        _ = locks.acquire(10, by: 3, at: .after(.seconds(3)))
        #expect(locks.holder(of: 10)?.saga == 1)
        #expect(locks.holder(of: 12) == nil)
        #expect(locks.contendedKeys() == [11, 10])
        #expect(locks.contendedKeys(atMost: 1) == [11])
        #expect(locks.contendedKeys(atMost: -1).isEmpty)
        #expect(locks.queue(for: 11).map(\.saga) == [1, 2])
        #expect(locks.queue(for: 11).map(\.since) == [.after(.seconds(1)), .after(.seconds(2))])
        #expect(locks.standings(of: 1).map(\.key) == [10, 11])
        #expect(locks.standings(of: 3).map(\.place) == [1])
        let grants = locks.releaseAll(of: 1, at: .after(.seconds(5)))
        #expect(grants.map(\.saga) == [2, 3])
        #expect(grants.map(\.waited) == [.seconds(3), .seconds(2)])
        #expect(locks.holder(of: 10)?.since == .after(.seconds(5)))
        #expect([locks.held, locks.waiting, locks.totals.granted, locks.totals.handedOver] == [2, 0, 4, 2])
    }

    @Test("a value out of range is refused by name, with the range")
    func refusals() {
        let refused: [(String, () throws -> SemanticLocks.Settings)] = [
            ("capacity: 0 is out of range; allowed: 1 to 16777216", { try .init(capacity: 0) }),
            ("waitingPerKey: -1 is out of range; allowed: 0 or more", { try .init(waitingPerKey: -1) }),
        ]
        for (message, make) in refused {
            let error = #expect(throws: SettingError.self) { try make() }
            #expect(error?.description == message)
        }
    }
}

extension SemanticLocks {
    /// `2 locks 10`, `2 tries 10`, `2 unlocks 10`, `2 leaves 10`, `2 ends`, and in words what came of it.
    fileprivate mutating func run(_ step: String) -> String {
        let words = step.split(separator: " ")
        let (saga, key) = (UInt64(words[0]) ?? 0, words.count > 2 ? UInt64(words[2]) ?? 0 : 0)
        switch words[1] {
        case "locks": return text(of: acquire(key, by: saga, at: .zero))
        case "tries": return text(of: acquire(key, by: saga, policy: .refuse, at: .zero))
        case "unlocks": return text(of: release(key, of: saga, at: .zero).map { [$0] } ?? [])
        case "leaves": return String(withdraw(saga, from: key))
        default: return text(of: releaseAll(of: saga, at: .zero))
        }
    }

    private func text(of answer: Answer) -> String {
        switch answer {
        case .granted: "granted"
        case .alreadyHeld: "had it"
        case .waits(let holder, let place): "waits behind \(holder), place \(place)"
        case .refused(.held(let holder)): "refused: held by \(holder)"
        case .refused(.queueFull(let holder)): "refused: queue full behind \(holder)"
        case .refused(.full): "refused: full"
        case .refused(.deadlock(let waits)):
            "refused: " + waits.map { "\($0.saga) > \($0.key)" }.joined(separator: " > ")
        }
    }

    private func text(of grants: [Grant]) -> String {
        grants.map { "\($0.saga) has \($0.key)" }.joined(separator: ", ")
    }
}
