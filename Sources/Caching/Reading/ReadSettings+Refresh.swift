public import Timeline

extension ReadSettings {
    /// Whether a reader of a value that is still fresh has it loaded anew, in the background.
    /// - Parameter random: drawn from once, and only if chance decides.
    public func refreshes<Value>(
        _ held: CachedValue<Value>, at now: Instant, using random: inout RandomStream
    ) -> Bool {
        guard held.expiresAt < .distantFuture, held.isFresh(at: now) else { return false }
        switch refresh {
        case .none: return false
        case .eager(let share):
            let life = held.expiresAt - held.loadedAt
            return now - held.loadedAt >= life * share
        case .early(let beta):
            return beta > 0
                && Self.isEarly(
                    left: held.expiresAt - now, loadTime: held.loadTime, beta: beta, draw: random.positiveUniform())
        }
    }

    /// XFetch: whether `loadTime * beta * -ln(draw)` is at least what is left of the life, for a draw from 0 to 1.
    ///
    /// Of many readers each decides for itself, and one of them does so in time with a chance that the others need not
    /// know of: `exp(-left / (beta * loadTime))` for each.
    public static func isEarly(left: Duration, loadTime: Duration, beta: Double, draw: Double) -> Bool {
        guard draw > 0 else { return true }
        return loadTime * (beta * -ElementaryFunctions.log(draw)) >= left
    }

    /// A value that was loaded, with the life that it gets.
    /// - Parameters:
    ///   - value: nil if there is none.
    ///   - startedAt: when the load began.
    public func loaded<Value>(
        _ value: Value?, version: UInt64, startedAt: Instant, at now: Instant
    ) -> CachedValue<Value> {
        let life = value == nil ? absence : lifetime
        let end = life.map { now + $0 } ?? .distantFuture
        let staleUntil = value == nil ? end : failSafe.map { end + $0.limit }
        return CachedValue(
            value, version: version, loadedAt: now, loadTime: now - startedAt, expiresAt: end, staleUntil: staleUntil)
    }
}
