/// Which event types a reader knows, up to which form, and what it does with others.
///
/// While two versions of a program run side by side, the older one meets types and forms that it does not know. What is
/// right then depends on the reader: a projection may skip a type that it never wanted, but not a newer form of one
/// that it needs; an aggregate may skip nothing.
public struct SchemaRegistry: Hashable, Sendable {
    /// What becomes of an event that the reader does not know.
    public enum Policy: Hashable, Sendable {
        /// It is passed over.
        case skip
        /// It is set aside, with what follows in its stream.
        case setAside
        /// Reading stops before it.
        case stop
    }

    /// What to do with an event.
    public enum Verdict: Hashable, Sendable {
        /// It is known: read it.
        case read
        /// Its type is not known.
        case unknownType(Policy)
        /// Its type is known, but this form is newer.
        case newerForm(Policy, known: Int)
    }

    /// What becomes of types that are not known.
    public let unknownTypes: Policy
    /// What becomes of forms that are newer than those known.
    public let newerForms: Policy
    private let known: [String: Int]

    /// A reader's knowledge.
    /// - Parameters:
    ///   - known: the newest known form of each type.
    ///   - unknownTypes: what becomes of other types; reading stops.
    ///   - newerForms: what becomes of newer forms; reading stops.
    public init(_ known: [String: Int], unknownTypes: Policy = .stop, newerForms: Policy = .stop) {
        self.known = known
        self.unknownTypes = unknownTypes
        self.newerForms = newerForms
    }

    /// What to do with an event in its newest form. Tombstones are known to everybody.
    public func verdict(on event: EventData) -> Verdict {
        if event.type == RecordedEvent.tombstoneType { return .read }
        guard let newest = known[event.type] else { return .unknownType(unknownTypes) }
        return event.schema <= newest ? .read : .newerForm(newerForms, known: newest)
    }
}
