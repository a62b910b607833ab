/// Something that has happened, as its author hands it to a store.
public struct EventData: Hashable, Sendable {
    /// What tells it from all others. Appending it again with the same id changes nothing.
    public var id: EventID
    /// What kind of event it is: `OrderCreated`.
    public var type: String
    /// The version of the type's form, from 1; see ``Upcasting``.
    public var schema: Int
    /// What it says, in a form that the store does not look into.
    public var data: [UInt8]
    /// More about it for tools and middleware, in a form that the store does not look into.
    public var metadata: [UInt8]
    /// Which request, saga or process it belongs to.
    public var correlation: EventID?
    /// Which command or event made it happen.
    public var causation: EventID?

    /// An event.
    /// - Parameters:
    ///   - id: its id.
    ///   - type: its kind, not empty.
    ///   - schema: the version of its form, 1 if nobody says.
    ///   - data: what it says.
    ///   - metadata: more about it.
    ///   - correlation: what it belongs to.
    ///   - causation: what made it happen.
    public init(
        id: EventID, type: String, schema: Int = 1, data: [UInt8] = [], metadata: [UInt8] = [],
        correlation: EventID? = nil, causation: EventID? = nil
    ) {
        self.id = id
        self.type = type
        self.schema = schema
        self.data = data
        self.metadata = metadata
        self.correlation = correlation
        self.causation = causation
    }
}
