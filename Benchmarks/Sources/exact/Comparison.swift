import Caching

/// How the cells of each policy compare.
struct Comparison {
    /// A policy by the name that the table has for it.
    private struct Contender {
        let name: String
        let policy: PolicyName
        /// Whether it is theirs to the last hit, or only akin.
        var isExact = true
        var cells = 0
        var equal = 0
        var worst: Difference?

        var isGood: Bool { equal == cells && cells > 0 }
    }

    /// A cell that is not equal.
    private struct Difference {
        let cell: Reference.Cell
        let hits: Int

        /// In hit ratio.
        var size: Double { Double(hits) / Double(cell.requests) - cell.hitRatio }
    }

    private var contenders = [
        Contender(name: "LRU", policy: .lru), Contender(name: "FIFO", policy: .fifo),
        Contender(name: "LFU", policy: .lfu), Contender(name: "CLOCK", policy: .clock),
        Contender(name: "SIEVE", policy: .sieve), Contender(name: "S3-FIFO", policy: .s3fifo),
        Contender(name: "S3-FIFO-v0", policy: .s3fifoV0), Contender(name: "2Q-libcachesim", policy: .twoQ),
        Contender(name: "ARC", policy: .arc), Contender(name: "LIRS-caffeine", policy: .lirs),
        Contender(name: "W-TinyLFU-exact", policy: .wtinylfuExact),
        Contender(name: "W-TinyLFU-cm4-nojitter", policy: .wtinylfuSketch),
        Contender(name: "OPT", policy: .opt), Contender(name: "OPT-bypass", policy: .optBypass),
        Contender(name: "SLRU-libcachesim", policy: .slru, isExact: false),
        Contender(name: "W-TinyLFU-adaptive", policy: .wtinylfuAdaptive, isExact: false),
    ]
    /// Ratios that are known to a few digits only: how many, and how many of them rounding explains.
    private var rounded = (cells: 0, close: 0)
    /// Cells of a policy that is not known here, or whose trace has another length.
    private var strange: [String] = []

    /// The papers round to a tenth of a percent at the coarsest.
    private static let mostRounding = 0.0005

    var isGood: Bool {
        rounded.close == rounded.cells && strange.isEmpty
            && contenders.allSatisfy { $0.isGood || !$0.isExact }
    }

    /// Replays a trace for each cell, and adds what came of it.
    mutating func compare(_ cells: [Reference.Cell], _ keys: [UInt32]) async {
        var work: [(cell: Reference.Cell, contender: Int)] = []
        for cell in cells {
            if let contender = contenders.firstIndex(where: { $0.name == cell.policy }), cell.requests == keys.count {
                work.append((cell, contender))
            } else {
                strange.append("\(cell.trace), \(cell.policy): no such policy here, or not \(keys.count) requests")
            }
        }
        let policies = contenders.map(\.policy)
        let outcomes = await withTaskGroup(of: (index: Int, hits: Int).self) { group in
            for (index, item) in work.enumerated() {
                let policy = policies[item.contender]
                group.addTask { (index, Self.hits(keys, policy, item.cell.size)) }
            }
            return await group.reduce(into: [Int](repeating: 0, count: work.count)) { $0[$1.index] = $1.hits }
        }
        for (item, hits) in zip(work, outcomes) { add(Difference(cell: item.cell, hits: hits), to: item.contender) }
    }

    private static func hits(_ keys: [UInt32], _ policy: PolicyName, _ size: Int) -> Int {
        guard let replay = policy.replay(capacity: size) else {
            return OptimalReplacement.tally(of: keys, capacity: size, bypasses: policy == .optBypass).hits
        }
        replay.request(keys[...])
        return replay.tally.hits
    }

    private mutating func add(_ found: Difference, to index: Int) {
        guard let hits = found.cell.hits else {
            rounded.cells += 1
            if abs(found.size) <= Self.mostRounding { rounded.close += 1 }
            return
        }
        contenders[index].cells += 1
        if found.hits == hits {
            contenders[index].equal += 1
        } else if abs(found.size) >= abs(contenders[index].worst?.size ?? 0) {
            contenders[index].worst = found
        }
    }
}

extension Comparison {
    /// A line for each policy.
    var text: String {
        var lines = [Self.line("policy", "cells", "equal", "worst difference")]
        for contender in contenders {
            let worst = contender.worst.map { "\(Self.text($0)), " } ?? ""
            let verdict = contender.isExact ? Self.verdict(contender.isGood) : "akin, not the same"
            lines.append(Self.line(contender.name, "\(contender.cells)", "\(contender.equal)", worst + verdict))
        }
        let verdict = Self.verdict(rounded.close == rounded.cells)
        lines.append(Self.line("rounded in print", "\(rounded.cells)", "\(rounded.close)", verdict))
        return (lines + strange).joined(separator: "\n")
    }

    private static func verdict(_ isGood: Bool) -> String { isGood ? "ok" : "FAILED" }

    /// `-0.31 points (lirs/gli at 500: 1825 hits, not 1837)`
    private static func text(_ difference: Difference) -> String {
        let hundredths = Int((abs(difference.size) * 10_000).rounded())
        let points = "\(hundredths / 100).\(String(hundredths % 100 + 100).dropFirst())"
        let hits = difference.cell.hits.map { "\($0)" } ?? "?"
        return "\(difference.size < 0 ? "-" : "+")\(points) points "
            + "(\(difference.cell.trace) at \(difference.cell.size): \(difference.hits) hits, not \(hits))"
    }

    private static func line(_ name: String, _ cells: String, _ equal: String, _ rest: String) -> String {
        let blanks = { (text: String, width: Int) in String(repeating: " ", count: max(0, width - text.count)) }
        return name + blanks(name, 23) + blanks(cells, 6) + cells + blanks(equal, 7) + equal + "  " + rest
    }
}
