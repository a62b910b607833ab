import Caching
import Timeline

extension CacheHost.Tier {
    /// A value is handed out: if its key has been written since, it matters how old it is.
    mutating func countAge(ofAnswer held: CachedValue<UInt64>, to key: UInt64, at now: Instant) {
        guard held.version < version(of: key) else { return }
        counts.oldestWrong = max(counts.oldestWrong, now - held.loadedAt)
    }
}
