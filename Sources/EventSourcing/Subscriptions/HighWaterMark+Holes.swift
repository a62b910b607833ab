import Timeline

extension HighWaterMark {
    /// Moves the mark over what is committed or given up.
    mutating func passSettled(at now: Instant) {
        while mark < drawn {
            let next = Position(mark.number + 1)
            if dead[next] {
                record(Skip(first: next, last: next, at: now, reason: .aborted))
                dead[next] = false
            } else if committed[next] {
                committed[next] = false
            } else {
                break
            }
            mark = next
        }
        forgetTooFar()
    }

    /// Moves the mark to the end of a hole.
    mutating func skip(to end: Position, because reason: Skip.Reason, at now: Instant) {
        record(Skip(first: Position(mark.number + 1), last: end, at: now, reason: reason))
        mark = end
        forgetTooFar()
    }

    /// The last position of the hole behind the mark that is not above a limit.
    func endOfHole(notAbove limit: Position) -> Position {
        let end = min(limit, lastInWindow)
        let next = [committed.first(above: mark, upTo: end), dead.first(above: mark, upTo: end)].compactMap { $0 }.min()
        if let next { return Position(next.number - 1) }
        // Beyond the window nothing is noted; only what was too far to be noted is known to be there.
        return min(limit, firstTooFar.map { Position($0.number - 1) } ?? limit)
    }

    var lastInWindow: Position {
        let (last, overflow) = mark.number.addingReportingOverflow(Int64(settings.window))
        return Position(overflow ? .max : last)
    }

    /// What was too far is near now: it can be noted when it is said again.
    private mutating func forgetTooFar() {
        if let firstTooFar, firstTooFar <= lastInWindow { self.firstTooFar = nil }
    }

    private mutating func record(_ skip: Skip) {
        skippedPositions += skip.last.number - skip.first.number + 1
        if let last = skips.last, last.last + 1 == skip.first, last.at == skip.at, last.reason == skip.reason {
            skips[skips.count - 1].last = skip.last
            return
        }
        skips.append(skip)
        if skips.count > settings.recordsKept { skips.removeFirst() }
    }
}
