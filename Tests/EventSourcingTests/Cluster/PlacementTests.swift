import EventSourcing
import Testing

@Suite("Placement")
struct PlacementTests {
    @Test("streams spread evenly over the partitions")
    func even() {
        var counts = [Int](repeating: 0, count: 8)
        for stream in 0..<8_000 as Range<UInt64> { counts[Placement.partition(of: stream, among: 8)] += 1 }
        #expect(counts.allSatisfy { (850...1_150).contains($0) })
    }

    @Test("one node more takes over copies, and no other copy moves", arguments: 1...7)
    func growing(nodes: Int) {
        var taken = 0
        for partition in 0..<240 {
            let before = Placement.nodes(for: partition, copies: 3, among: nodes)
            let after = Placement.nodes(for: partition, copies: 3, among: nodes + 1)
            #expect(after.filter { $0 != nodes }.allSatisfy(before.contains))
            taken += after.contains(nodes) ? 1 : 0
        }
        let fair = 240 * min(3, nodes + 1) / (nodes + 1)
        #expect(abs(taken - fair) <= fair / 4)
    }

    @Test("a partition is kept by different nodes, as many as there are")
    func distinct() {
        #expect(Set(Placement.nodes(for: 3, copies: 5, among: 5)) == Set(0..<5))
        #expect(Placement.nodes(for: 3, copies: 3, among: 2).count == 2)
        #expect(Placement.partition(of: 9, among: 0) == 0)
    }

    @Test(
        "settings out of range are named",
        arguments: [
            ("nodes", 9, 8, 3, 2), ("partitions", 3, 0, 3, 2), ("copies", 3, 8, 4, 2), ("acknowledgements", 3, 8, 3, 4),
        ])
    func settings(name: String, nodes: Int, partitions: Int, copies: Int, acknowledgements: Int) {
        #expect {
            _ = try ClusterSettings(
                nodes: nodes, partitions: partitions, copies: copies, acknowledgements: acknowledgements)
        } throws: { "\($0)".hasPrefix("\(name): ") }
    }
}
