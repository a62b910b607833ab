import Testing
import Timeline

@testable import Resilience

@Suite("Places")
struct PlacesTests {
    @Test("what is taken is what was not given back, whoever gives back what how often", .tags(.property))
    func exactlyOnce() {
        var random = RandomStream(seed: 1, name: "places", purpose: "traffic")
        var places = Places()
        var (out, spent): ([(Places.Ticket, UInt32)], [Places.Ticket]) = ([], [])
        for step in UInt32(0)..<5_000 {
            switch random.below(3) {
            case 0:
                if let ticket = places.take(note: step) { out.append((ticket, step)) }
            case 1 where !out.isEmpty:
                let (ticket, note) = out.remove(at: Int(random.below(UInt64(out.count))))
                #expect(places.giveBack(ticket) == note)
                spent.append(ticket)
            default:
                guard !spent.isEmpty else { continue }
                #expect(places.giveBack(spent[Int(random.below(UInt64(spent.count)))]) == nil)
            }
            if places.taken != out.count { Issue.record("step \(step): \(places.taken), not \(out.count)") }
        }
    }

    @Test("there is an end to them")
    func end() {
        var places = Places()
        for _ in 0..<Places.most { _ = places.take() }
        #expect(places.take() == nil)
        #expect(places.taken == Places.most)
    }

    @Test("a ticket of other places is no place here")
    func foreign() throws {
        var (many, none) = (Places(), Places())
        let taken = many.take()
        let ticket = try #require(taken)
        #expect(none.giveBack(ticket) == nil)
        #expect(none.taken == 0)
    }
}
