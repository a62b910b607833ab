/// A part of a screen that answers one question.
enum Pane: Hashable, CaseIterable, Sendable {
    case sagas, breakers, services, caches, events, requests, faults

    var title: String {
        switch self {
        case .sagas: "Sagas"
        case .breakers: "Breakers"
        case .services: "Services and bulkheads"
        case .caches: "Caches"
        case .events: "Events"
        case .requests: "Requests and money"
        case .faults: "Faults"
        }
    }

    /// The title where room is scarce.
    var shortTitle: String {
        switch self {
        case .services: "Services"
        case .requests: "Requests"
        case .sagas, .breakers, .caches, .events, .faults: title
        }
    }
}
