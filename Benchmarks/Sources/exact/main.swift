// Replays published traces, and compares the hits with those of independent programs, cell by cell: a cell is a trace, a
// policy and a size.
//
// Good enough: where a policy is exactly theirs every cell is equal to the last hit. Of policies that are only akin, and
// of ratios that are known to a few digits, the difference is shown; the latter may be what rounding explains.

import Foundation

do {
    let reference = try Reference()
    var comparison = Comparison()
    for trace in reference.traces {
        let keys = try PackedTrace(named: trace).keys(in: reference.folder)
        await comparison.compare(reference.cells.filter { $0.trace == trace }, keys)
    }
    print(comparison.text)
    let tiers = try TierComparison(reference.folder)
    print(([""] + tiers.lines).joined(separator: "\n"))
    exit(comparison.isGood && tiers.isGood ? 0 : 1)
} catch {
    FileHandle.standardError.write(Data("exact: \(error)\n".utf8))
    exit(65)
}
