import ReferencePatterns
import Resilience
import Timeline

extension Twins {
    static func quantile() throws -> Result {
        let samples = lengths(mean: .milliseconds(10), purpose: "latencies")
        var window = try WindowedQuantile(samples: 100)
        let reference = reference_quantile_create(100)
        defer { reference_quantile_destroy(reference) }
        return compare("quantile: record, p99") {
            run(&window, samples)
        } reference: {
            reference_quantile_run(reference, samples, UInt64(tableSize), UInt64(uses))
        }
    }

    private static func run(_ window: inout WindowedQuantile, _ samples: [Int64]) -> UInt64 {
        var digest = DecisionDigest()
        for use in 0..<uses {
            window.record(Duration(nanoseconds: samples[use & (tableSize - 1)]), at: .zero)
            digest.mix(UInt64(bitPattern: window.quantile(0.99)?.nanoseconds ?? 0))
        }
        return digest.value
    }
}
