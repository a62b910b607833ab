import Caching
import Testing
import Timeline

@Suite("Client tracking")
struct ClientTrackingTests {
    @Test("vector 32: who has read a key is told once when another writes it")
    func once() {
        var tracking = ClientTracking<String>(capacity: 10)
        #expect(tracking.read("foo", by: 1) == nil)
        #expect(tracking.changed("foo", sparing: 2) == [1])
        #expect(tracking.changed("foo").isEmpty)
        _ = tracking.read("foo", by: 1)
        _ = tracking.read("foo", by: 3)
        #expect(tracking.changed("foo", sparing: 3) == [1])
    }

    @Test("vector 32: a full table tells the clients of the key that was read longest ago that it has changed")
    func full() {
        var tracking = ClientTracking<String>(capacity: 2)
        for (key, client) in [("a", 1), ("b", 2), ("a", 3)] { #expect(tracking.read(key, by: client) == nil) }
        let told = tracking.read("c", by: 4)
        #expect(told?.key == "b" && told?.clients == [2])
        #expect(tracking.falseInvalidations == 1 && tracking.count == 2)
        #expect(tracking.removeAll() == [1, 3, 4] && tracking.count == 0)
    }

    @Test("without any room nobody may keep a copy")
    func noRoom() {
        var tracking = ClientTracking<Int>(capacity: 0)
        let told = tracking.read(7, by: 5)
        #expect(told?.key == 7 && told?.clients == [5] && tracking.count == 0)
    }

    @Test("no client keeps a copy of what has changed", arguments: [0, 1, 3, 8])
    func neverStale(capacity: Int) {
        var random = RandomStream(seed: UInt64(capacity), name: "clients", purpose: "reads")
        var tracking = ClientTracking<Int>(capacity: capacity)
        var copies: Set<[Int]> = []
        for _ in 0..<2_000 {
            let (key, client) = (Int(random.below(6)), Int(random.below(4)))
            if random.chance(0.7) {
                copies.insert([key, client])
                let told = tracking.read(key, by: client)
                for node in told?.clients ?? [] { copies.remove([told?.key ?? -1, node]) }
            } else {
                for node in tracking.changed(key) { #expect(copies.remove([key, node]) != nil) }
                #expect(!copies.contains { $0[0] == key })
            }
            #expect(tracking.count <= capacity)
        }
    }
}
