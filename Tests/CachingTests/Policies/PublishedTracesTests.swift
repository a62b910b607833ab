import Caching
import Foundation
import Testing

/// Hits of whole traces, to the last one; `make exact` does the same with every trace, size and policy.
@Suite("Published traces", .enabled(if: SharedFiles.folder != nil, "there is no shared/traces here"))
struct PublishedTracesTests {
    static let policies: [String: PolicyName] = [
        "LRU": .lru, "FIFO": .fifo, "LFU": .lfu, "SIEVE": .sieve, "S3-FIFO": .s3fifo, "S3-FIFO-v0": .s3fifoV0,
        "ARC": .arc, "CLOCK": .clock, "2Q-libcachesim": .twoQ, "LIRS-caffeine": .lirs,
        "W-TinyLFU-exact": .wtinylfuExact, "W-TinyLFU-cm4-nojitter": .wtinylfuSketch, "OPT": .opt,
        "OPT-bypass": .optBypass,
    ]

    struct Row {
        let policy: PolicyName
        let size: Int
        let hits: Int
    }

    private func rows(of trace: String) throws -> [Row] {
        let text = String(decoding: try SharedFiles.file("traces/reference.tsv"), as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: "\t").map(String.init)
            guard fields[0] == trace, let policy = Self.policies[fields[1]] else { return nil }
            guard let size = Int(fields[2]), let hits = Int(fields[4]) else { return nil }
            return Row(policy: policy, size: size, hits: hits)
        }
    }

    /// The keys of a packed text trace, in order of first use.
    private func keys(of trace: String) throws -> [UInt32] {
        let path = try #require(SharedFiles.folder).appending(path: "traces/\(trace).trace.gz").path
        let unpacking = Process()
        let output = Pipe()
        unpacking.executableURL = URL(filePath: "/usr/bin/env")
        unpacking.arguments = ["gzip", "-dc", path]
        unpacking.standardOutput = output
        try unpacking.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        var numbers: [Substring: UInt32] = [:]
        var keys: [UInt32] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) where line != "*" {
            let number = numbers[line] ?? UInt32(numbers.count)
            numbers[line] = number
            keys.append(number)
        }
        return keys
    }

    @Test(
        "hits are those of independent programs",
        arguments: ["lirs/cpp", "lirs/cs", "lirs/gli", "lirs/multi1"])
    func hits(trace: String) throws {
        let keys = try keys(of: trace)
        let rows = try rows(of: trace)
        #expect(rows.count >= 40)
        for row in rows {
            let hits = Self.hits(row, keys)
            #expect(hits == row.hits, "\(row.policy.rawValue) at \(row.size)")
        }
    }

    private static func hits(_ row: Row, _ keys: [UInt32]) -> Int {
        guard let replay = row.policy.replay(capacity: row.size) else {
            let bypasses = row.policy == .optBypass
            return OptimalReplacement.tally(of: keys, capacity: row.size, bypasses: bypasses).hits
        }
        replay.request(keys[...])
        return replay.tally.hits
    }
}
