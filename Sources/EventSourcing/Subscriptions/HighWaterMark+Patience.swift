public import Timeline

extension HighWaterMark {
    /// Notes that the positions up to this one have been given out: from now on those that are not committed are holes.
    public mutating func drew(upTo position: Position, at now: Instant) {
        // What cannot be noted as committed must not be seen as a hole either.
        let seen = min(position, firstTooFar.map { Position($0.number - 1) } ?? position)
        guard seen > drawn else { return }
        drawn = seen
        sightings.add(upTo: seen, at: now)
    }

    /// Moves the mark past holes that count as dead by now, and returns it.
    /// - Parameters:
    ///   - now: the time.
    ///   - oldestLive: the first position that somebody who is known to live may still fill; nil if there is none, or if
    ///     nobody can tell. Holes from there on are not skipped before ``Settings/cap``.
    @discardableResult
    public mutating func advance(at now: Instant, oldestLive: Position? = nil) -> Position {
        passSettled(at: now)
        while mark < drawn {
            let isLive = oldestLive.map { mark.number + 1 >= $0.number } ?? false
            guard let sighting = sightings.first(above: mark), let due = due(sighting, isLive), now >= due else {
                break
            }
            var limit = sighting.upTo
            if !isLive, let oldestLive { limit = min(limit, Position(oldestLive.number - 1)) }
            skip(to: endOfHole(notAbove: limit), because: isLive ? .cap : .patience, at: now)
            passSettled(at: now)
        }
        return mark
    }

    /// When the hole at the mark counts as dead if nobody is known to fill it; nil if there is no hole, or if time alone
    /// changes nothing.
    public var nextSkip: Instant? {
        guard mark < drawn, let sighting = sightings.oldest(above: mark) else { return nil }
        return due(sighting, false)
    }

    private func due(_ sighting: Sightings.Sighting, _ isLive: Bool) -> Instant? {
        (isLive ? settings.cap : settings.patience).map { sighting.at + $0 }
    }
}

extension HighWaterMark {
    /// How a mark is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// For how long a hole is left open; nil if only its writers' word closes it.
        public let patience: Duration?
        /// For how long a hole is left open that somebody is known to be able to fill; nil for as long as it takes.
        public let cap: Duration?
        /// How many positions above the mark are noted.
        public let window: Int
        /// How many skipped holes are kept on record.
        public let recordsKept: Int

        /// Checks the settings.
        /// - Parameters:
        ///   - patience: zero or more, or nil; 3 s by default, as in Marten. Too short, and a slow writer's event is
        ///     lost to every reader; so a store that can tell who still writes should say so, or pass nil.
        ///   - cap: the patience or more; nil by default, as in Marten.
        ///   - window: 64 to 16 777 216, rounded up to a power of two; 8192 by default, which takes 2 kB.
        ///   - recordsKept: 1 to 65 536; 64 by default.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            patience: Duration? = .seconds(3), cap: Duration? = nil, window: Int = 8_192, recordsKept: Int = 64
        ) throws(SettingError) {
            if let patience, patience < .zero {
                throw SettingError("patience", given: patience, allowed: "0s or more")
            }
            if let cap, cap < patience ?? .zero {
                throw SettingError("cap", given: cap, allowed: "the patience or more")
            }
            guard (64...1 << 24).contains(window) else {
                throw SettingError("window", given: window, allowed: "64 to 16777216")
            }
            guard (1...65_536).contains(recordsKept) else {
                throw SettingError("recordsKept", given: recordsKept, allowed: "1 to 65536")
            }
            self.patience = patience
            self.cap = cap
            self.window = 1 << (Int.bitWidth - (window - 1).leadingZeroBitCount)
            self.recordsKept = recordsKept
        }
    }
}
