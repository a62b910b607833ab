import EventSourcing
import Testing
import Timeline

@Suite("Version vectors")
struct VersionVectorTests {
    /// A vector that came about by these nodes' increments, as Voldemort's `TestUtils.getClock` makes them.
    static func vector(_ nodes: [Int]) -> VersionVector {
        var vector = VersionVector()
        for node in nodes { vector.increment(node) }
        return vector
    }

    struct Comparison: CustomTestStringConvertible, Sendable {
        let source: String
        let left: [Int]
        let right: [Int]
        let order: VersionVector.Order

        init(_ source: String, _ left: [Int], _ order: VersionVector.Order, _ right: [Int]) {
            self.source = source
            self.left = left
            self.right = right
            self.order = order
        }

        var testDescription: String { source }
    }

    /// Akka: akka-distributed-data, VersionVectorSpec.scala. Riak: riak_core, vclock.erl. Voldemort: VectorClockTest.java
    /// and VectorClockInconsistencyResolverTest.java. Nodes a, b, c of Riak are 1, 2, 3.
    static let comparisons: [Comparison] = [
        Comparison("Akka, not happen before itself", [], .equal, []),
        Comparison("Akka, misc comparison test 1", [1, 2, 1], .equal, [1, 2, 1]),
        Comparison("Akka, misc comparison test 2", [1, 2, 1], .before, [1, 2, 1, 3]),
        Comparison("Akka, misc comparison test 3", [1], .concurrent, [2]),
        Comparison("Akka, misc comparison test 4", [1, 2, 1], .concurrent, [1, 1, 3]),
        Comparison("Akka, misc comparison test 5", [2, 2], .before, [1, 2, 2, 3]),
        Comparison("Akka, misc comparison test 5, the other way", [1, 2, 2, 3], .after, [2, 2]),
        Comparison("Akka, misc comparison test 6", [1, 2], .concurrent, [1, 1]),
        Comparison("Akka, misc comparison test 7", [1, 2, 2, 3], .concurrent, [1, 2, 2, 2, 2]),
        Comparison("Akka, misc comparison test 8", [1, 3, 3], .concurrent, [1, 3, 2]),
        Comparison("Akka, blank version vector incrementing", [1], .after, []),
        Comparison("Akka, blank incrementing, both", [1], .concurrent, [2]),
        Comparison("Riak, example_test: A1 descends A", [1], .after, []),
        Comparison("Riak, example_test: A1 does not descend B1", [1], .concurrent, [2]),
        Comparison("Riak, example_test: C1 descends A2", [1, 1, 2, 3], .after, [1, 1]),
        Comparison("Riak, example_test: C1 descends B1", [1, 1, 2, 3], .after, [2]),
        Comparison("Riak, equals_or_dominates_test: B4 dominates A3", [1, 2, 1, 2], .after, [1, 2, 1]),
        Comparison("Riak, equals_or_dominates_test: B4 equals B5", [1, 2, 1, 2], .equal, [2, 1, 1, 2]),
        Comparison("Voldemort, the empty clock and itself", [], .equal, []),
        Comparison("Voldemort, identical clocks", [1, 1, 2], .equal, [1, 1, 2]),
        Comparison("Voldemort, a single additional event", [1, 1, 2], .before, [1, 1, 2, 3]),
        Comparison("Voldemort, different events", [1], .concurrent, [2]),
        Comparison("Voldemort, different events behind equal ones", [1, 1, 2], .concurrent, [1, 1, 3]),
        Comparison("Voldemort, resolver: current and concurrent", [1, 1, 2, 3], .concurrent, [1, 2, 3, 3]),
        Comparison("Voldemort, resolver: prior and current", [1, 2, 3], .before, [1, 1, 2, 3]),
        Comparison("Voldemort, resolver: later and current", [1, 1, 2, 2, 3], .after, [1, 1, 2, 3]),
    ]

    @Test("two vectors compare as in Akka, Riak and Voldemort", arguments: comparisons)
    func compare(example: Comparison) {
        let (left, right) = (Self.vector(example.left), Self.vector(example.right))
        #expect(left.compared(to: right) == example.order)
        let reverse: [VersionVector.Order: VersionVector.Order] = [.before: .after, .after: .before]
        #expect(right.compared(to: left) == reverse[example.order] ?? example.order)
        #expect((left == right) == (example.order == .equal))
    }

    struct Merge: CustomTestStringConvertible, Sendable {
        let source: String
        let left: [Int]
        let right: [Int]
        let both: [Int]

        var testDescription: String { source }
    }

    static let merges: [Merge] = [
        Merge(
            source: "Akka, correctly merge two version vectors", left: [1, 2, 2, 2, 2], right: [1, 2, 2, 3],
            both: [1, 2, 2, 2, 2, 3]),
        Merge(
            source: "Akka, two disjoint version vectors", left: [4, 4], right: [1, 2, 2, 3], both: [1, 2, 2, 3, 4, 4]),
        Merge(
            source: "Riak, merge_test", left: [1, 2, 2, 4, 4, 4, 4], right: [3, 3, 3, 4, 4, 4],
            both: [1, 2, 2, 3, 3, 3, 4, 4, 4, 4]),
        Merge(source: "Riak, merge_less_left_test", left: [5], right: [6, 7], both: [5, 6, 7]),
        Merge(source: "Riak, merge_less_right_test", left: [6, 7], right: [5], both: [5, 6, 7]),
        Merge(source: "Riak, merge_same_id_test", left: [1, 2], right: [1, 3], both: [1, 2, 3]),
        Merge(source: "Voldemort, two empty clocks", left: [], right: [], both: []),
        Merge(source: "Voldemort, the maximum", left: [1], right: [2], both: [1, 2]),
        Merge(
            source: "Voldemort, the maximum of each", left: [1, 1, 1, 2, 3], right: [1, 2, 2, 4],
            both: [1, 1, 1, 2, 2, 3, 4]),
    ]

    @Test("two vectors merge as in Akka, Riak and Voldemort, either way", arguments: merges)
    func merge(example: Merge) {
        let (left, right) = (Self.vector(example.left), Self.vector(example.right))
        #expect(left.merged(with: right) == Self.vector(example.both))
        #expect(right.merged(with: left) == Self.vector(example.both))
    }

    @Test("Riak's accessor_test: counts, and none for a node that never made anything")
    func counts() {
        let vector = VersionVector([0, 1, 2])
        #expect([vector[1], vector[2], vector[3]] == [1, 2, 0])
        #expect(vector.sum == 3)
        #expect(vector.description == "1:1 2:2")
        #expect(VersionVector().description == "-" && VersionVector().isZero)
    }

    @Test("counts stay at their greatest, the sum does not overflow, and nodes that cannot be are nobody")
    func limits() {
        var vector = VersionVector(Array(repeating: .max, count: 20))
        vector.increment(7)
        vector.increment(8)
        vector.increment(-1)
        vector[64] = 5
        #expect(vector[7] == .max && vector[8] == 0 && vector[64] == 0 && vector[-1] == 0)
        #expect(vector.sum == 8 * UInt64(UInt32.max))
    }

    @Test("what both know and what one of them knows bound both; the order follows, and so does the digest")
    func laws() {
        var random = RandomStream(seed: 1, name: "vector", purpose: "test")
        func draw() -> VersionVector { VersionVector((0..<8).map { _ in UInt32(random.below(3)) }) }
        var orders: Set<VersionVector.Order> = []
        for _ in 0..<400 {
            let (one, two, three) = (draw(), draw(), random.chance(0.5) ? draw() : VersionVector([1, 1, 1]))
            let (both, common) = (one.merged(with: two), one.shared(with: two))
            #expect(both.covers(one) && both.covers(two) && one.covers(common) && two.covers(common))
            #expect(both.merged(with: three) == one.merged(with: two.merged(with: three)))
            #expect(one.merged(with: one) == one && one.merged(with: common) == one && one.shared(with: both) == one)
            #expect(both.sum + common.sum == one.sum + two.sum)
            #expect((one.digest == two.digest) == (one == two))
            #expect(three.compared(to: three.merged(with: one)) != .after)
            orders.insert(one.compared(to: two))
            orders.insert(one.compared(to: both))
            orders.insert(both.compared(to: one))
        }
        #expect(orders == [.equal, .before, .after, .concurrent])
        #expect(VersionVector().digest == 0)
    }
}
