import Caching
import Testing
import Timeline

@Suite("Frequency counters")
struct FrequencyTests {
    @Test("a key that was counted once reads 1, one that was counted twenty times 15, one that never was 0")
    func sketch() {
        var sketch = CountMinSketch(capacity: 512)
        sketch.increment(7)
        for _ in 0..<20 { sketch.increment(8) }
        #expect([7, 8, 9].map { sketch.frequency(of: $0) } == [1, 15, 0])
        #expect(sketch.size == 16)
    }

    @Test("after as many counts as ten times the table all counters are halved")
    func aging() {
        var sketch = CountMinSketch(capacity: 64)
        for _ in 0..<10 { sketch.increment(1) }
        for key in 1000..<1629 as Range<UInt64> { sketch.increment(key) }
        let before = sketch.frequency(of: 1)
        sketch.increment(2_000)
        #expect(sketch.size <= 320)
        #expect(sketch.frequency(of: 1) == before / 2)
    }

    @Test("a sketch never reads less than there was, between two halvings")
    func neverLess() {
        var random = RandomStream(seed: 1, name: "sketch", purpose: "keys")
        var sketch = CountMinSketch(capacity: 256)
        var exact = ExactFrequency(capacity: 256)
        for _ in 0..<2_000 {
            let key = random.below(300)
            sketch.increment(key)
            exact.increment(key)
        }
        for key in 0..<300 as Range<UInt64> {
            #expect(sketch.frequency(of: key) >= min(exact.frequency(of: key), CountMinSketch.most))
        }
    }

    @Test("exact counts are halved after ten times the capacity, and a key that was used once is forgotten")
    func exact() {
        var counter = ExactFrequency(capacity: 1)
        for key in [1, 1, 1, 1, 1, 2, 2, 2, 3] as [UInt64] { counter.increment(key) }
        #expect([1, 2, 3].map { counter.frequency(of: $0) } == [5, 3, 1])
        counter.increment(4)
        #expect([1, 2, 3, 4].map { counter.frequency(of: $0) } == [2, 1, 0, 0])
    }
}
