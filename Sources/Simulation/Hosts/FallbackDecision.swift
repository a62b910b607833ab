/// What a guard does about a failure.
enum FallbackDecision {
    /// Nothing: it stands, as does every success.
    case stands
    /// Something else is answered at once.
    case answered
    /// Another service is asked.
    case asks(CallPlan)
}
