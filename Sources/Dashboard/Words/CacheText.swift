internal import Simulation

/// What a cache and its levels are called.
enum CacheText {
    /// The name of a level, counted from 0: `L1` of those that are numbered.
    static func name(ofLevel level: Int, of cache: CachePlan) -> String {
        let name = cache.levels[level].name
        return name == "l\(level + 1)" ? name.uppercased() : name
    }

    /// How much a level holds of how much, where it is short: `786/1k`, `38/64MB`.
    static func filling(_ held: Int, _ capacity: Int, of cache: CachePlan) -> String {
        guard cache.sizes != nil else { return Figures.ratio(held, capacity) }
        let (unit, size) = capacity < 1_000 ? ("kB", 1.0) : capacity < 1_000_000 ? ("MB", 1e3) : ("GB", 1e6)
        let whole = Double(capacity) / size
        return "\(Figures.decimal(Double(held) / size, places: whole < 10 ? 1 : 0))/"
            + "\(Figures.decimal(whole, places: 0))\(unit)"
    }

    /// So many entries, or so much memory.
    static func amount(_ amount: Int, of cache: CachePlan) -> String {
        cache.sizes == nil ? Figures.count(amount) : Why.text(bytes: Float(amount) * 1_000)
    }
}
