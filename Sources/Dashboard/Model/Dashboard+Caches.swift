internal import Scenarios
internal import Simulation

// What keys do with caches, and how the screen of caches keeps up with what happens.

extension Dashboard {
    /// Asks which key of the cache that is selected shall be shown.
    mutating func askForKey(_ session: Session) {
        switch selection(scene(session)) {
        case .cache?, .origin?: front = .prompt(Prompt(.cacheKey(overDetail: detailScroll != nil), askedKey))
        default: say("select a cache first, or a level of one: 7 shows them", isProblem: true)
        }
    }

    /// The key that is shown: what is being typed counts already.
    var shownKey: String {
        if case .prompt(let prompt) = front, case .cacheKey = prompt.purpose { return prompt.editor.text }
        return askedKey
    }

    /// How far down the detail is scrolled that is shown in place of the panes; nil if none is.
    var detailScroll: Int? {
        switch front {
        case .detail(let scroll): scroll
        case .prompt(let prompt) where prompt.isOverDetail: 0
        default: nil
        }
    }

    /// Works out what other caches would have had, while somebody looks.
    mutating func takeInHindsights(_ session: Session) {
        if page == .caches { hindsights.observe(session.simulation) }
    }
}

extension Prompt {
    /// Whether a detail is shown while the line is typed.
    var isOverDetail: Bool { purpose == .cacheKey(overDetail: true) }
}
