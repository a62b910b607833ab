extension Choreography {
    /// The rules about what leads to what that are broken; all names must be right.
    static func brokenPaths(_ events: [EventType], _ policies: [Policy], _ timeouts: [Timeout]) -> [Broken] {
        let map = EventMap(events: events, policies: policies, timeouts: timeouts)
        let emitted = Set(policies.flatMap(\.answers) + timeouts.map(\.consequence))
        let noticed = Set(policies.map(\.event) + timeouts.map(\.event))
        var broken: [Broken] = []
        if !events.contains(where: { $0.kind == .start }) { broken.append((.whole, .noStart)) }
        if !events.indices.contains(where: map.isEnding) { broken.append((.whole, .noEnd)) }
        // What nobody emits is reported as such, and not once more for everything that would follow from it.
        var sources: UInt32 = 0
        for (index, event) in events.enumerated() {
            switch event.kind {
            case .start, .outside: sources |= 1 << UInt32(index)
            case .step, .note, .endsWell, .endsBadly:
                guard !emitted.contains(event.name) else { break }
                sources |= 1 << UInt32(index)
                broken.append((.event(event.name), .nobodyEmits))
            }
            if needsReaction(event.kind), !noticed.contains(event.name) {
                broken.append((.event(event.name), .nobodyReacts))
            }
        }
        let reached = map.reach(from: sources)
        broken += policies.compactMap { policy in
            idleness(on: map.number(of: policy.event), reached, map).map { (.policy(policy.name), $0) }
        }
        broken += timeouts.compactMap { timeout in
            idleness(on: map.number(of: timeout.event), reached, map).map { (.timeout(timeout.name), $0) }
        }
        return broken
    }

    /// Why nothing on this event ever runs; nil if it can.
    private static func idleness(on event: Int, _ reached: UInt32, _ map: EventMap) -> ChoreographyError.Rule? {
        if map.isEnding(event) { return .runsAfterEnd }
        return reached & 1 << UInt32(event) == 0 ? .neverRuns : nil
    }

    private static func needsReaction(_ kind: EventType.Kind) -> Bool {
        switch kind {
        case .start, .outside, .step: true
        case .note, .endsWell, .endsBadly: false
        }
    }
}
