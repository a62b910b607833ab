public import EventSourcing
public import Timeline

/// Keeps sagas in an event store, each in a stream of its own: `saga-order-7`.
///
/// What a saga has decided is appended first and carried out then. The append expects the very version that was read,
/// so of two orchestrators that have taken up the same saga one is too late: it gets what is recorded, and must not
/// carry out what it has decided itself.
///
/// A stream begins with the name and version of the definition that the saga runs under, to its end: a changed one
/// gets a new version, and both are given here until the last saga of the old one is over.
///
/// It holds no state: the store is handed to each method. Source: DBOS, `test_workflow_management`; Conductor, which
/// pins a workflow's definition as well.
public struct SagaLog: Sendable {
    /// The category of the streams.
    public static let category = "saga"

    /// The definitions, several versions of one name among them.
    public let definitions: [SagaDefinition]

    /// A log of sagas under these definitions.
    /// - Throws: a ``SettingError`` if two have the same name and version, or a name makes no stream's name.
    public init(_ definitions: [SagaDefinition]) throws(SettingError) {
        for (index, definition) in definitions.enumerated() {
            _ = try StreamName(category: Self.category, id: "\(definition.name)-\(UInt64.max)")
            let isKnown = definitions[..<index].contains {
                $0.name == definition.name && $0.version == definition.version
            }
            guard !isKnown else {
                throw SettingError(
                    "definitions", given: "\(definition.name) version \(definition.version) twice",
                    allowed: "each version of a name once")
            }
        }
        self.definitions = definitions
    }

    /// A saga as its stream has it.
    public struct Recorded: Sendable {
        /// The stream.
        public let stream: StreamName
        /// Its last event; nil if nothing is stored yet.
        public internal(set) var version: StreamVersion?
        /// What all its events belong to.
        public let correlation: EventID
        var history: SagaHistory

        /// The saga.
        public var saga: Saga { history.saga }
        /// What it runs under.
        public var definition: SagaDefinition { history.definition }
    }

    /// What came of an append.
    public enum Appended: Sendable {
        /// The events are stored: carry them out. If the same append had been stored before, this says so again.
        case stored(Recorded)
        /// Somebody else has appended meanwhile: nothing was stored, and nothing is to be carried out. The saga is now
        /// what is recorded.
        case outrun(Recorded)

        /// The saga as it is recorded now.
        public var recorded: Recorded {
            switch self {
            case .stored(let recorded), .outrun(let recorded): recorded
            }
        }
    }

    /// The stream of a saga.
    public func stream(of id: UInt64, named name: String) throws(Failure) -> StreamName {
        do throws(SettingError) {
            return try StreamName(category: Self.category, id: "\(name)-\(id)")
        } catch {
            throw .badName(error)
        }
    }

    /// The definition of this name and version, or with nil its latest version.
    public func definition(named name: String, version: Int? = nil) throws(Failure) -> SagaDefinition {
        let versions = definitions.filter { $0.name == name && (version == nil || $0.version == version) }
        guard let latest = versions.max(by: { $0.version < $1.version }) else {
            let known = definitions.filter { $0.name == name }.map(\.version).sorted()
            throw .unknownDefinition(name, version: version, known: known)
        }
        return latest
    }
}
