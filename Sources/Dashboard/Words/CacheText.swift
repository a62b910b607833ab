internal import Simulation

/// What a cache and its levels are called.
enum CacheText {
    /// The name of a level, counted from 0: `L1` of those that are numbered.
    static func name(ofLevel level: Int, of cache: CachePlan) -> String {
        let name = cache.levels[level].name
        return name == "l\(level + 1)" ? name.uppercased() : name
    }
}
