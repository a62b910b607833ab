import Testing
import Timeline

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("Elementary functions")
struct ElementaryFunctionsTests {
    /// The distance in units of the last place of the expected value.
    private func ulps(_ value: Double, from expected: Double) -> Double {
        value == expected ? 0 : abs(value - expected) / expected.ulp
    }

    @Test("log, exp and cosine lie within two units in the last place of the system's")
    func closeToTheSystem() {
        var random = RandomStream(seed: 1, name: "elementary", purpose: "test")
        for _ in 0..<100_000 {
            let x = random.positiveUniform() * 40 - 20
            let positive = ElementaryFunctions.exp(x * 30)
            let turns = random.uniform()
            #expect(ulps(ElementaryFunctions.exp(x), from: exp(x)) <= 2, "exp \(x)")
            #expect(ulps(ElementaryFunctions.log(positive), from: log(positive)) <= 2, "log \(positive)")
            #expect(abs(ElementaryFunctions.cosine(turns: turns) - cos(2 * .pi * turns)) < 1e-15, "cosine \(turns)")
        }
    }

    @Test(
        "exact values and limits",
        arguments: [
            (ElementaryFunctions.log(1), 0), (ElementaryFunctions.log(0), -.infinity),
            (ElementaryFunctions.log(.infinity), .infinity), (ElementaryFunctions.exp(0), 1),
            (ElementaryFunctions.exp(-1_000), 0), (ElementaryFunctions.exp(1_000), .infinity),
            (ElementaryFunctions.cosine(turns: 0), 1), (ElementaryFunctions.cosine(turns: 0.25), 0),
            (ElementaryFunctions.cosine(turns: 0.5), -1), (ElementaryFunctions.power(7, 0), 1),
            (ElementaryFunctions.exp(-744.9), .leastNonzeroMagnitude),
        ])
    func exactValues(value: Double, expected: Double) {
        #expect(value == expected)
    }

    @Test("a negative argument has no logarithm")
    func negativeLogarithm() {
        #expect(ElementaryFunctions.log(-1).isNaN)
    }

    @Test("the bits are the same in every build, on every machine")
    func sameBitsEverywhere() {
        var random = RandomStream(seed: 2, name: "elementary", purpose: "bits")
        var digest = Digest()
        for _ in 0..<10_000 {
            let x = random.positiveUniform()
            digest.mix(ElementaryFunctions.log(x).bitPattern, ElementaryFunctions.exp(x * 50 - 25).bitPattern)
            digest.mix(ElementaryFunctions.cosine(turns: x).bitPattern, ElementaryFunctions.power(x, 1.7).bitPattern)
        }
        #expect(digest.description == "4121fc0aa8365f5a")
    }
}
