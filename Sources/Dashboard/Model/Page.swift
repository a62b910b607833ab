/// One of the screens that the number keys lead to.
enum Page: Hashable, CaseIterable, Sendable {
    /// Everything at a glance.
    case overview
    /// Every circuit breaker, and all about one.
    case breakers
    /// Every pool that calls stand in, and what else guards the ways between services.
    case bulkheads

    var title: String {
        switch self {
        case .overview: "Overview"
        case .breakers: "Breakers"
        case .bulkheads: "Bulkheads"
        }
    }

    /// Its number, which is its key.
    var number: Int { (Page.allCases.firstIndex(of: self) ?? 0) + 1 }

    /// The panes on it, in the order in which Tab goes through them.
    var panes: [Pane] {
        switch self {
        case .overview: [.sagas, .breakers, .services, .caches, .events, .requests, .faults]
        case .breakers: [.breakerList]
        case .bulkheads: [.pools, .guards]
        }
    }

    /// The pane that has the focus at first.
    var firstFocus: Pane {
        switch self {
        case .overview: .breakers
        case .breakers: .breakerList
        case .bulkheads: .pools
        }
    }
}
