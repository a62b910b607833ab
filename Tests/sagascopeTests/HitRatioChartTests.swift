import Caching
import Testing

@testable import sagascope

@Suite("Trace: chart")
struct HitRatioChartTests {
    /// Rows with so many hits in a thousand.
    private func rows(_ hits: [(policy: PolicyName, hits: [Int])], at sizes: [Int]) -> [TraceRow] {
        sizes.indices.flatMap { index in
            hits.map { entry in
                var tally = TraceTally()
                (tally.requests, tally.hits) = (1_000, entry.hits[index])
                return TraceRow(policy: entry.policy, size: sizes[index], tally: tally, seconds: 0)
            }
        }
    }

    @Test("curves on round numbers, sizes on a logarithmic axis, and stars where several meet")
    func curves() {
        let rows = rows(
            [(.lru, [100, 200, 600]), (.arc, [100, 300, 600]), (.opt, [400, 500, 700])], at: [10, 100, 1_000])
        let expected = """
            hit ratio in %
            70 +                                  ccc
               |                              cccc
            60 +                         ccccc     **
               |                     cccc       b**
            50 +              ccccccc        bb*a
               |     ccccccccc            bbbaa
            40 +ccccc                  bbbaaa
               |                    bbb aa
            30 +                bbbb  aa
               |            bbbb    aa
            20 +       bbbbb  aaaaaa
               |   bb**aaaaaaa
            10 +***aa
               ++-----------------+-----------------+
                10               100            1,000
                entries (log scale)
            a = lru   b = arc   c = opt   * = several
            """
        let lines = HitRatioChart(rows, unit: "entries").lines(width: 41)
        #expect(lines.joined(separator: "\n") == expected, "\n\(lines.joined(separator: "\n"))")
    }

    @Test("a curve that is flat, at the top, or in a narrow range has an axis of its own")
    func flat() {
        let ends: [(hits: [Int], top: String, bottom: String)] = [
            ([1_000, 1_000], "100.0 +a", " 99.9 +"), ([0, 0], "0.1 +", "0.0 +a"), ([501, 503], "50.3 +  ", "50.1 +a"),
            ([0, 1_000], "100 +  ", "  0 +a"),
        ]
        for end in ends {
            let lines = HitRatioChart(rows([(.lru, end.hits)], at: [1, 2]), unit: "bytes").lines(width: 40)
            #expect(lines[1].hasPrefix(end.top), "\(lines[1])")
            #expect(lines[lines.count - 5].hasPrefix(end.bottom), "\(lines)")
        }
    }

    @Test("no line is wider than was asked for, whatever sizes stand close together", arguments: [30, 47, 80])
    func width(columns: Int) {
        let sizes = [1_000, 1_001, 1_002, 5_000, 900_000_000, 1_000_000_000]
        let rows = rows(PolicyName.allCases.map { ($0, [1, 20, 300, 400, 500, 999]) }, at: sizes)
        let lines = HitRatioChart(rows, unit: "entries").lines(width: columns)
        #expect(lines.allSatisfy { $0.count <= columns })
        let legend = lines.joined(separator: " ")
        for policy in PolicyName.allCases { #expect(legend.contains("= \(policy.rawValue)")) }
        #expect(legend.contains("1,000,000,000") && !legend.contains("1,001"))
    }
}
