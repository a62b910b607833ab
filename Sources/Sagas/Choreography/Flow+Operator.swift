extension Flow {
    /// Lets a flow that was parked at the hop limit go on for as many hops again; on an operator's word.
    ///
    /// The event that parked it was not taken in and has to be delivered again; a timeout strikes again by itself. False
    /// if the flow is not parked, or is full of events and can never go on.
    @discardableResult
    public mutating func resume(under choreography: Choreography) -> Bool {
        guard case .parked(.hopLimit) = state else { return false }
        extraHops = UInt8(clamping: Int(extraHops) + choreography.hopLimit)
        state = .running
        return true
    }

    /// Ends a flow on an operator's word, wherever it stands; ``unfinished(under:)`` tells what was under way. False if
    /// it has not begun or is over.
    @discardableResult
    public mutating func close() -> Bool {
        switch state {
        case .notStarted, .ended: return false
        case .running, .parked:
            _ = end(.closed)
            return true
        }
    }
}
