internal import Timeline

/// Permits numbered through all time, so many to a cycle; taking some means taking the next free numbers.
///
/// Smooth and fixed window limiters are both this: cycles of one permit, or of the whole limit. A cycle is a whole
/// number of nanoseconds divided by ``divisions``; it begins at the first whole nanosecond not before its exact
/// beginning. Numbers of a cycle that is over are lost.
struct CycleLedger: Hashable, Sendable {
    private let permitsPerCycle: Int
    private let length: Int64
    private let divisions: Int64
    private var next: Int128 = -(1 << 100)
    private var latest = Instant(nanoseconds: .min)

    init(permitsPerCycle: Int, length: Duration, divisions: Int = 1) {
        self.permitsPerCycle = permitsPerCycle
        self.length = length.nanoseconds
        self.divisions = Int64(divisions)
    }

    /// Takes the next permits if their wait is no longer than `maxWait`.
    mutating func acquire(_ permits: Int, at now: Instant, maxWait: Duration) -> RateDecision {
        latest = max(latest, now)
        guard permits <= Rate.largestLimit else { return .rejected(retryAfter: .maximum) }
        let current = cycle(of: latest)
        let first = max(next, firstPermit(of: current))
        let end = first + Int128(max(0, permits))
        let dueCycle = cycle(ofPermit: end - 1)
        if dueCycle <= current {
            next = end
            return .granted(after: .zero)
        }
        guard let due = start(of: dueCycle) else { return .rejected(retryAfter: .maximum) }
        let wait = due - now
        if wait <= maxWait {
            next = end
            return .granted(after: wait)
        }
        let retry = retryMoment(permits, due: due, patience: max(.zero, maxWait), first: first, current: current)
        return .rejected(retryAfter: retry.map { $0 - now } ?? .maximum)
    }

    /// When a request that was refused now is first granted with the same patience; nil if that cannot be told.
    ///
    /// What is promised delays it until all is caught up; from then on a request for more than a cycle's permits is
    /// due so many cycles after the one it is made in, so that it may have to be made late in a cycle.
    private func retryMoment(
        _ permits: Int, due: Instant, patience: Duration, first: Int128, current: Int128
    ) -> Instant? {
        let caughtUp = max(current, (first - 1).dividedRoundingDown(by: Int64(permitsPerCycle)) + 1)
        guard let free = start(of: caughtUp), due - patience >= free else {
            return due - patience
        }
        let further = Int128(max(1, permits) - 1) / Int128(permitsPerCycle)
        guard let laterDue = start(of: caughtUp + further), let end = start(of: caughtUp + 1) else { return nil }
        let retry = max(free, laterDue - patience)
        return retry < end ? retry : nil
    }

    /// Permits of the current cycle that are free; below zero by as many as are promised of later cycles.
    func available(at now: Instant) -> Int {
        let current = cycle(of: max(latest, now))
        return Int(clamping: firstPermit(of: current + 1) - max(next, firstPermit(of: current)))
    }

    /// How long until so many permits could be had at once, if nobody else asks; nil for more than a cycle's.
    func wait(for permits: Int, at now: Instant) -> Duration? {
        guard permits <= permitsPerCycle else { return nil }
        let current = cycle(of: max(latest, now))
        let dueCycle = cycle(ofPermit: max(next, firstPermit(of: current)) + Int128(max(0, permits)) - 1)
        guard dueCycle > current else { return .zero }
        return start(of: dueCycle).map { $0 - now }
    }

    /// Takes back permits of the last cycle that any are promised of, unless they are past due.
    mutating func giveBack(_ permits: Int, due: Instant, at now: Instant) -> Int {
        latest = max(latest, now)
        let firstPossible = firstPermit(of: cycle(of: latest))
        guard due >= latest, permits > 0, next > firstPossible, cycle(of: due) == cycle(ofPermit: next - 1) else {
            return 0
        }
        let returned = min(Int128(permits), next - firstPossible)
        next -= returned
        return Int(clamping: returned)
    }

    /// Takes all free permits of the current cycle.
    mutating func drain(at now: Instant) -> Int {
        let drained = max(0, available(at: now))
        latest = max(latest, now)
        next = max(next, firstPermit(of: cycle(of: latest) + 1))
        return drained
    }

    /// Goes over to cycles of another kind: what is free now stays free, up to the new number; what is promised of
    /// later cycles fills the next new ones.
    mutating func change(to new: CycleLedger, at now: Instant) {
        let free = min(available(at: now), new.permitsPerCycle)
        let moment = max(latest, now)
        self = new
        latest = moment
        next = firstPermit(of: cycle(of: moment) + 1) - Int128(free)
    }

    // A cycle lasts a nanosecond at least and has 2³⁰ permits at most: no product or sum here can overflow.

    private func cycle(of moment: Instant) -> Int128 {
        (Int128(moment.nanoseconds) &* Int128(divisions)).dividedRoundingDown(by: length)
    }

    private func cycle(ofPermit number: Int128) -> Int128 {
        number.dividedRoundingDown(by: Int64(permitsPerCycle))
    }

    private func firstPermit(of cycle: Int128) -> Int128 { cycle &* Int128(permitsPerCycle) }

    /// Nil beyond the end of the clock.
    private func start(of cycle: Int128) -> Instant? {
        let nanoseconds = (cycle &* Int128(length)).dividedRoundingUp(by: divisions)
        return nanoseconds < Int128(Int64.max) ? Instant(nanoseconds: Int64(clamping: nanoseconds)) : nil
    }
}
