import Timeline

/// The saga that a call, a key or money belongs to: where it stands in its chapter, and whether it has an orchestrator.
struct SagaRef: Hashable, Sendable {
    private let code: UInt32

    private static let flowBit: UInt32 = 1 << 31

    private init(code: UInt32) { self.code = code }

    /// The saga in this slot.
    static func saga(_ slot: UInt32) -> SagaRef { SagaRef(code: slot) }

    /// The flow of a choreography in this slot.
    static func flow(_ slot: UInt32) -> SagaRef { SagaRef(code: slot | flowBit) }

    /// No saga's.
    static let none = SagaRef(code: .max)

    /// Whether it has no orchestrator.
    var isFlow: Bool { code & Self.flowBit != 0 }

    /// Where it stands among those of its kind.
    var slot: UInt32 { code & ~Self.flowBit }
}

/// Something that is kept for each saga, with an orchestrator or without one.
struct SagaTable<Element: Sendable>: Sendable {
    private var ofSagas: [Element] = []
    private var ofFlows: [Element] = []
    /// What is kept for one of which nothing is known.
    private let blank: Element

    init(blank: Element) { self.blank = blank }

    subscript(saga: SagaRef) -> Element {
        get {
            let slot = Int(saga.slot)
            if saga.isFlow { return slot < ofFlows.count ? ofFlows[slot] : blank }
            return slot < ofSagas.count ? ofSagas[slot] : blank
        }
        set {
            if saga.isFlow {
                Self.put(newValue, at: Int(saga.slot), of: &ofFlows, blank)
            } else {
                Self.put(newValue, at: Int(saga.slot), of: &ofSagas, blank)
            }
        }
    }

    private static func put(_ element: Element, at slot: Int, of elements: inout [Element], _ blank: Element) {
        while elements.count <= slot { elements.append(blank) }
        elements[slot] = element
    }

    /// All that is kept, sagas first.
    func forEach(_ body: (Element) -> Void) {
        ofSagas.forEach(body)
        ofFlows.forEach(body)
    }
}
