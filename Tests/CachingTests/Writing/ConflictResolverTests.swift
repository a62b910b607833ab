import Caching
import Testing
import Timeline

@Suite("Conflict resolver")
struct ConflictResolverTests {
    typealias Write = StampedWrite<Set<Int>>

    private func write(_ values: Set<Int>?, _ sequence: UInt64, _ version: UInt64) -> Write {
        Write(values.map { .set($0) } ?? .delete, sequence: sequence, version: version)
    }

    @Test(
        "the higher number or version stands; equal ones are the same write, and the held one stays",
        arguments: [
            (.lastSequence, 1, 2, 2, 1, true), (.lastSequence, 2, 1, 1, 2, false), (.lastSequence, 1, 1, 1, 2, false),
            (.version, 2, 1, 1, 2, true), (.version, 1, 2, 2, 1, false), (.version, 1, 1, 2, 1, false),
        ] as [(ConflictResolver, UInt64, UInt64, UInt64, UInt64, Bool)])
    func numbers(
        resolver: ConflictResolver, heldSequence: UInt64, heldVersion: UInt64, sequence: UInt64, version: UInt64,
        takes: Bool
    ) {
        let resolution = resolver.resolve(
            held: write([1], heldSequence, heldVersion), incoming: write(nil, sequence, version))
        #expect(resolution == (takes ? .incoming : .held))
    }

    @Test("whatever comes is taken where nothing is held", arguments: ConflictResolver.allCases)
    func nothingHeld(resolver: ConflictResolver) {
        #expect(resolver.resolve(held: nil, incoming: write([1], 0, 0)) == .incoming)
    }

    @Test("the earlier value is merged with the later one, whoever holds it; what comes of it is newer than both")
    func merging() {
        let (earlier, later) = (
            StampedWrite<String>(.set("a"), sequence: 1, version: 7),
            StampedWrite<String>(.set("b", weight: 4), sequence: 2, version: 3)
        )
        let expected = StampedWrite<String>(.set("ab", weight: 4), sequence: 2, version: 8)
        #expect(ConflictResolver.merge.resolve(held: earlier, incoming: later, merge: +) == .merged(expected))
        #expect(ConflictResolver.merge.resolve(held: later, incoming: earlier, merge: +) == .merged(expected))
    }

    @Test("where a delete meets a value, the later of the two stands")
    func deletes() {
        let merge = ConflictResolver.merge
        #expect(merge.resolve(held: write([1], 1, 1), incoming: write(nil, 2, 2)) == .incoming)
        #expect(merge.resolve(held: write([1], 2, 2), incoming: write(nil, 1, 1)) == .held)
        #expect(merge.resolve(held: write(nil, 2, 2), incoming: write([1], 1, 1)) == .held)
    }

    @Test("of two merges with the same number the one that holds more stands, and the same write changes nothing")
    func known() {
        let merge = ConflictResolver.merge
        #expect(merge.resolve(held: write([2], 2, 2), incoming: write([1, 2], 2, 3)) == .incoming)
        #expect(merge.resolve(held: write([1, 2], 2, 3), incoming: write([2], 2, 2)) == .held)
        #expect(merge.resolve(held: write([2], 2, 2), incoming: write([2], 2, 2)) == .held)
    }

    @Test("in whatever order writes come, and however often, the same is held in the end")
    func convergence() {
        let writes: [Write] = (1...5).map { write([$0], UInt64($0), UInt64($0)) }
        for seed in 0..<50 as Range<UInt64> {
            var random = RandomStream(seed: seed, name: "resolver", purpose: "order")
            for resolver in ConflictResolver.allCases {
                var held: Write?
                var left = writes + [writes[Int(random.below(5))]]
                while !left.isEmpty {
                    let incoming = left.remove(at: Int(random.below(UInt64(left.count))))
                    switch resolver.resolve(held: held, incoming: incoming, merge: { $0.union($1) }) {
                    case .held: break
                    case .incoming: held = incoming
                    case .merged(let write): held = write
                    }
                }
                let expected: Set<Int> = resolver == .merge ? [1, 2, 3, 4, 5] : [5]
                #expect(held?.operation.value == expected && held?.sequence == 5)
            }
        }
    }
}
