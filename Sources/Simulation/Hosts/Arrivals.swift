import Timeline

/// When the next request of an open load comes, for rates that go in straight lines.
struct Arrivals {
    /// Time from a moment to the next arrival, or nil if there is none any more.
    ///
    /// The rate is integrated from `now` until it has summed up to `need` arrivals: 1 for even spacing, a draw
    /// from the exponential distribution for a Poisson process. Exact, without thinning.
    static func wait(need: Double, from now: Instant, stages: [RateStage], in range: Range<Int>) -> Duration? {
        var need = need
        var stageStart = Instant.zero
        var waited = Duration.zero
        for index in range {
            let stage = stages[index]
            let isLast = index == range.upperBound - 1
            let stageEnd = isLast ? Instant.distantFuture : stageStart + stage.length
            defer { stageStart = stageEnd }
            let from = now + waited
            guard from < stageEnd else { continue }
            let slope = isLast ? 0 : (stage.end - stage.start) / stage.length.seconds
            let rate = isLast ? stage.start : max(0, stage.start + slope * (from - stageStart).seconds)
            let left = (stageEnd - from).seconds
            let expected = (rate + slope * left / 2) * left
            if need <= expected || isLast {
                guard let seconds = time(toSumUp: need, rate: rate, slope: slope) else { return nil }
                return waited + Duration(seconds: seconds)
            }
            need -= expected
            waited = waited + (stageEnd - from)
        }
        return nil
    }

    /// The x for which rate·x + slope·x²/2 is `need`, in the form that does not cancel for small slopes.
    private static func time(toSumUp need: Double, rate: Double, slope: Double) -> Double? {
        let root = (rate * rate + 2 * slope * need)
        guard root >= 0 else { return nil }
        let divisor = rate + root.squareRoot()
        return divisor > 0 ? 2 * need / divisor : nil
    }
}
