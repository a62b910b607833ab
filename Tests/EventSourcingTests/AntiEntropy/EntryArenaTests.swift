import EventSourcing
import Testing
import Timeline

@Suite("Entry arena")
struct EntryArenaTests {
    private func entry(
        _ origin: UInt8, _ counter: UInt32, upon: [UInt32], lamport: UInt64, event: UInt64 = 1, stream: UInt32 = 0
    ) -> ReplicatedEntry {
        ReplicatedEntry(
            stream: stream, origin: origin, counter: counter, settles: false, lamport: lamport,
            upon: VersionVector(upon), event: EventID(high: 0, low: event), payload: 0, madeAt: .zero)
    }

    @Test("an entry has one number, however often it is added, and is found by its place")
    func numbers() {
        var arena = EntryArena()
        for counter in UInt32(1)...1_000 {
            let entry = entry(0, counter, upon: [counter - 1], lamport: UInt64(counter), event: UInt64(counter))
            #expect(arena.add(entry) == counter - 1)
            #expect(arena.add(entry) == counter - 1)
        }
        #expect(arena.count == 1_000)
        #expect(arena.number(of: 0, 0, 500) == 499 && arena[499]?.counter == 500)
        #expect(arena.number(of: 0, 0, 1_001) == nil && arena.number(of: 0, 1, 1) == nil)
        #expect(arena.number(of: 1, 0, 1) == nil && arena.number(of: 0, 0, 0) == nil && arena[1_000] == nil)
    }

    @Test("what cannot be an entry of its origin is not taken")
    func impossible() {
        var arena = EntryArena()
        #expect(arena.add(entry(0, 1, upon: [0, 2], lamport: 3)) == 0)
        let wrong: [(String, ReplicatedEntry)] = [
            ("another event in its place", entry(0, 1, upon: [0, 2], lamport: 3, event: 2)),
            ("no counter", entry(1, 0, upon: [0], lamport: 1)),
            ("an origin beyond the eighth", entry(8, 1, upon: [0], lamport: 1)),
            ("a gap", entry(0, 3, upon: [2, 2], lamport: 9)),
            ("made upon itself", entry(0, 2, upon: [2, 2], lamport: 9)),
            ("one that knows less than the last one", entry(0, 2, upon: [1, 1], lamport: 9)),
            ("one before the last one in time", entry(0, 2, upon: [1, 2], lamport: 3)),
        ]
        for (what, entry) in wrong { #expect(arena.add(entry) == nil, "\(what)") }
        #expect(arena.count == 1)
        #expect(arena.add(entry(0, 2, upon: [1, 2], lamport: 4)) == 1)
    }

    @Test("copies of an event, and the last entry, are those that a vector knows; a walk goes in order")
    func views() {
        var arena = EntryArena()
        _ = arena.add(entry(1, 1, upon: [], lamport: 1, event: 7))
        _ = arena.add(entry(0, 1, upon: [], lamport: 1, event: 7))
        _ = arena.add(entry(0, 2, upon: [1, 1], lamport: 2, event: 8))
        _ = arena.add(entry(2, 1, upon: [], lamport: 1, event: 7, stream: 5))
        let id = EventID(high: 0, low: 7)
        let all = VersionVector([2, 1])
        #expect(arena.copies(of: id, in: 0, knownTo: all) == [0, 1])
        #expect(arena.copies(of: id, in: 0, knownTo: VersionVector([2])) == [1])
        #expect(arena.copies(of: id, in: 5, knownTo: VersionVector([0, 0, 1])) == [3])
        #expect(arena.last(of: 0, knownTo: all) == 2 && arena.last(of: 0, knownTo: VersionVector([1, 1])) == 0)
        #expect(arena.last(of: 0, knownTo: VersionVector()) == nil)
        #expect(Array(arena.walk(0, from: VersionVector(), through: all)) == [1, 0, 2])
        #expect(Array(arena.walk(0, from: VersionVector([1, 9]), through: all)) == [2])
    }
}
