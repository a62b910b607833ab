public import CQRS
import EventSourcing

/// Why a projection cannot take an event in.
public struct EventProblem: Error, Hashable, Sendable {
    /// What a run goes by.
    public let failure: EventFailure
    /// One line for whoever looks at what was set aside.
    public let detail: String

    /// A problem with an event.
    public init(_ failure: EventFailure, _ detail: String) {
        self.failure = failure
        self.detail = detail
    }
}

extension EventProblem: CustomStringConvertible {
    /// The line.
    public var description: String { detail }
}

extension EventProblem {
    /// An event that cannot be read.
    init(_ error: UnreadableEvent) {
        switch error {
        case .unknownType(let type): self.init(.unknownType, "no event of an order is called \(type)")
        case .newerForm(let type, let schema):
            self.init(.undecodable, "\(type) is written in form \(schema), which is newer than this program")
        case .undecodable(let why): self.init(.undecodable, why)
        }
    }
}
