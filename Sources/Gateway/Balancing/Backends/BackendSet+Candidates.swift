internal import Resilience
internal import Timeline

extension BackendSet {
    /// Looks anew at one place, or at all where one touches the others.
    mutating func review(_ place: Int, at now: Instant) {
        let panics = panic.threshold > 0 && count > 0 && panic.eligible(healthy: healthyCount, of: count) == .all
        guard panics == isPanicking else {
            isPanicking = panics
            return reviewAll(at: now)
        }
        reviewEligibility(place)
        guard usesWeightless == (weighted == 0) else { return reviewAll(at: now) }
        setCandidateWeight(currentWeight(of: place, at: now), of: place)
    }

    private mutating func reviewAll(at now: Instant) {
        for place in slots.indices { reviewEligibility(place) }
        usesWeightless = weighted == 0
        for place in slots.indices { setCandidateWeight(currentWeight(of: place, at: now), of: place) }
    }

    /// Sees whether a backend may be used, its weight apart.
    private mutating func reviewEligibility(_ place: Int) {
        let slot = slots[place]
        let matters: Obstacles = isPanicking ? .full : [.illness, .full]
        let counts = slot.isMember && slot.obstacles.isDisjoint(with: matters)
        slots[place].isEligible = counts
        let isWeighted = counts && slot.weight > 0
        guard isWeighted != slot.isWeighted else { return }
        slots[place].isWeighted = isWeighted
        weighted += isWeighted ? 1 : -1
    }

    /// The weight of a place for the algorithms; 0 for no candidate.
    private func currentWeight(of place: Int, at now: Instant) -> UInt32 {
        let slot = slots[place]
        guard slot.isEligible, slot.isWeighted || usesWeightless else { return 0 }
        let weight = usesWeightless ? 1 : UInt32(slot.weight)
        guard let slowStart else { return weight }
        let whole = weight * UInt32(SlowStart.unitsOfWeight)
        guard slot.isRamping else { return whole }
        return max(1, UInt32(Double(whole) * slowStart.share(after: now - slot.rampsSince)))
    }

    private mutating func setCandidateWeight(_ weight: UInt32, of place: Int) {
        let slot = slots[place]
        guard weight != slot.candidateWeight else { return }
        slots[place].candidateWeight = weight
        candidateCount += (weight > 0 ? 1 : 0) - (slot.candidateWeight > 0 ? 1 : 0)
        let zone = Int(slot.zone)
        while capacityByZone.count <= zone { capacityByZone.append(0) }
        capacityByZone[zone] += Int(weight) - Int(slot.candidateWeight)
        changed.append(Int32(place))
    }
}

extension BackendSet {
    /// Begins a slow start, where that is set.
    mutating func startRamp(_ place: Int, at now: Instant) {
        guard let slowStart else { return }
        slots[place].rampsSince = now
        if !slots[place].isRamping { ramping.append(Int32(place)) }
        slots[place].isRamping = true
        nextStep = min(nextStep, now + slowStart.step)
    }

    /// Ends a slow start.
    mutating func endRamp(_ place: Int) {
        slots[place].isRamping = false
        ramping.removeAll { $0 == place }
    }

    /// Takes the weights anew of those that start slowly, if it is time.
    mutating func advance(to now: Instant) {
        guard let slowStart, now >= nextStep else { return }
        for number in ramping {
            let place = Int(number)
            slots[place].isRamping = now - slots[place].rampsSince < slowStart.window
            setCandidateWeight(currentWeight(of: place, at: now), of: place)
        }
        ramping.removeAll { !slots[Int($0)].isRamping }
        nextStep = ramping.isEmpty ? .distantFuture : now + slowStart.step
    }
}
