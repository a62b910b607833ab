// Compares simulated queues with the formulas of queueing theory, over 20 seeds each, and back-off under contention
// with AWS's simulator, over 100.
//
// Of a queue, for each seed the run gives an interval for the mean wait. Good enough: no interval reaches further than
// 3 % of the exact value to either side, at least 17 of the 20 contain it, and their mean is within 1.5 % of it. Of
// back-off, the means of writes and time are within 3 % of the original's, and compare as published.

import Glibc

let seeds = UInt64(1)...20
let verdicts = [
    try await Comparison.judge(.mm3, customers: 5_000_000, seeds: seeds),
    try await Comparison.judge(.mm1, customers: 1_500_000, seeds: seeds),
    try await BackoffComparison.judge(seeds: 1...100),
]
exit(verdicts.contains(false) ? 1 : 0)
