/// One of the ten interview questions of the guide, which a scenario can help to answer.
public enum InterviewQuestion: Int, CaseIterable, Hashable, Sendable {
    case eventualConsistency = 1
    case payments
    case schemaEvolution
    case withoutCQRS
    case commandAndQueryModels
    case orchestrationOrChoreography
    case partialFailures
    case multiLevelCaching
    case cacheInvalidation
    case tuningBreakers

    /// The question.
    public var text: String {
        switch self {
        case .eventualConsistency: "How does an event-sourced system that is distributed become consistent in the end?"
        case .payments: "How do you build payments on event sourcing, at scale?"
        case .schemaEvolution: "How do the schemas of stored events change?"
        case .withoutCQRS: "When would you not use CQRS, and what does it cost?"
        case .commandAndQueryModels: "How do the command side and the query side stay consistent?"
        case .orchestrationOrChoreography: "Orchestration or choreography: how do sagas differ?"
        case .partialFailures: "What becomes of long sagas that fail in part?"
        case .multiLevelCaching: "How do you build a cache of several levels for a busy shop?"
        case .cacheInvalidation: "How are caches invalidated among many services?"
        case .tuningBreakers: "How do you tune a circuit breaker for each kind of service?"
        }
    }

    /// `Q7`.
    public var name: String { "Q\(rawValue)" }
}
