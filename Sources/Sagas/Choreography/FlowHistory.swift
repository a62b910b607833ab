public import Timeline

/// A flow as it is seen afterwards: put together from what was written down about its events.
///
/// Nobody has the whole of a choreographed flow in his hands; what is left of it are events with the ids of their causes.
/// From these come the ``tree`` of causes and effects, and the ``rows`` of a sequence diagram. Nothing is dropped: a
/// record whose cause is not among the records, because it was lost or has been forgotten, is shown as such.
public struct FlowHistory: Hashable, Sendable {
    /// The records in order of time; those of the same moment in the order in which they were given.
    public let records: [Record]
    /// Every event once, each before what follows from it, and effects of one event in order of time.
    public let tree: [Node]
    /// Everybody who published or received something, in the order of appearance: the columns of the diagram.
    public let participants: [String]
    /// The messages in order of time: the rows of the diagram.
    public let rows: [Row]

    /// Puts a history together; records may come in any order.
    public init(_ records: [Record]) {
        let order = records.indices.sorted { (records[$0].at, $0) < (records[$1].at, $1) }
        self.records = order.map { records[$0] }
        let events = RecordedEvents(self.records)
        tree = events.tree
        (participants, rows) = events.diagram
    }

    /// What was written down about one delivery of an event, or about its publication.
    public struct Record: Hashable, Sendable {
        /// The event's id, the same for all its deliveries.
        public var id: UInt64
        /// The id of the event that made it happen; nil if it came from outside.
        public var cause: UInt64?
        /// What kind of event it is.
        public var type: String
        /// Who published it.
        public var participant: String
        /// To whom it was delivered; nil if that is not known, and then it went to those who published its effects.
        public var receiver: String?
        /// When.
        public var at: Instant
        /// What became of it.
        public var outcome: Outcome

        /// A record.
        public init(
            id: UInt64, cause: UInt64? = nil, type: String, participant: String, receiver: String? = nil, at: Instant,
            outcome: Outcome = .taken
        ) {
            self.id = id
            self.cause = cause
            self.type = type
            self.participant = participant
            self.receiver = receiver
            self.at = at
            self.outcome = outcome
        }
    }

    /// What became of an event.
    public enum Outcome: Hashable, Sendable, CaseIterable {
        /// It was taken in.
        case taken
        /// The watchdog published it, since nothing else had happened.
        case timeout
        /// It had been taken in before.
        case duplicate
        /// It did not arrive.
        case lost
        /// Whoever received it could not deal with it, and it was set aside.
        case deadLetter
        /// It arrived and changed nothing, because it was not expected, or too late.
        case refused
    }
}

extension FlowHistory {
    /// An event in the tree of causes and effects.
    public struct Node: Hashable, Sendable {
        /// Its first record, or the first that tells that it was taken in: an index of ``FlowHistory/records``.
        public let record: Int
        /// Where it comes from.
        public let origin: Origin
        /// How many causes lead to it; 0 for a root.
        public let depth: Int
        /// Its cause: an index of ``FlowHistory/tree``; nil for a root.
        public let parent: Int?
        /// Whether no other effect of the same cause follows.
        public let isLast: Bool
        /// How many of its deliveries were duplicates.
        public let duplicates: Int
        /// How many of its deliveries were lost.
        public let losses: Int
    }

    /// Where an event comes from.
    public enum Origin: Hashable, Sendable {
        /// From outside.
        case outside
        /// From its parent in the tree.
        case parent
        /// From an event of this id of which there is no record.
        case missing(UInt64)
        /// From one of its own effects, if the records are right, which they cannot be.
        case circular(UInt64)
    }

    /// A message in the diagram.
    public struct Row: Hashable, Sendable {
        /// When it was sent.
        public let at: Instant
        /// The column of its sender; nil for one of whom there is no record.
        public let from: Int?
        /// The column of its receiver; nil if nobody is known to have received it.
        public let to: Int?
        /// What it says.
        public let label: String
        /// What is special about it.
        public let mark: Mark
        /// An index of ``FlowHistory/records``.
        public let record: Int
    }

    /// What is special about a message.
    public enum Mark: Hashable, Sendable {
        /// What became of it.
        case outcome(Outcome)
        /// It was the cause of what the next row tells, and there is no record of it.
        case causeMissing

        /// A word to put beside the message; nil for one that was taken in as usual.
        public var word: String? {
            switch self {
            case .outcome(.taken): nil
            case .outcome(.timeout): "timeout"
            case .outcome(.duplicate): "duplicate"
            case .outcome(.lost): "lost"
            case .outcome(.deadLetter): "dead letter"
            case .outcome(.refused): "refused"
            case .causeMissing: "no record of the cause"
            }
        }
    }
}
