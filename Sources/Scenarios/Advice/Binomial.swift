import Timeline

/// How many of so many independent calls fail.
struct Binomial {
    let trials: Int
    /// The chance of each, 0 to 1.
    let chance: Double

    /// The chance that at least so many fail.
    func atLeast(_ count: Int) -> Double {
        if count <= 0 { return 1 }
        if count > trials || chance <= 0 { return 0 }
        if chance >= 1 { return 1 }
        // From the far end, where the terms are smallest, in logarithms: none of them vanishes.
        var sum = 0.0
        var logarithm = Double(trials) * ElementaryFunctions.log(chance)
        let odds = ElementaryFunctions.log((1 - chance) / chance)
        for failures in stride(from: trials, through: count, by: -1) {
            sum += ElementaryFunctions.exp(logarithm)
            // From `failures` to one fewer: times failures / (trials - failures + 1), times the odds against.
            logarithm += ElementaryFunctions.log(Double(failures) / Double(trials - failures + 1)) + odds
        }
        return min(1, sum)
    }
}
