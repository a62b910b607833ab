import Timeline

extension Duration {
    /// The length as it reads back to the nanosecond: `45.000000001s`, `3m`, `800ms`.
    var exactText: String {
        let nanoseconds = max(0, nanoseconds)
        if nanoseconds == 0 { return "0s" }
        if nanoseconds % 60_000_000_000 == 0 { return "\(nanoseconds / 60_000_000_000)m" }
        let unit = Duration.units.dropFirst(2).first { $0.length.nanoseconds <= nanoseconds } ?? ("ns", .nanoseconds(1))
        let size = unit.length.nanoseconds
        var fraction = String(nanoseconds % size + size).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(nanoseconds / size)\(fraction.isEmpty ? "" : "." + fraction)\(unit.name)"
    }
}

extension Instant {
    /// The moment as a line of a scenario writes it, to the nanosecond.
    var exactText: String { sinceZero.exactText }
}
