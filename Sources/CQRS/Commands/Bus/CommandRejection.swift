/// Why a command is not executed, or was refused by whoever executes it.
public enum CommandRejection: Error, Hashable, Sendable {
    /// Nobody handles commands of this type; those of the registered types can be handled, in order of their names.
    case noHandler(type: String, registered: [String])
    /// It is not valid: what its validation says.
    case invalid(String)
    /// A middleware refused it.
    case refused(by: String, String)
    /// Its handler refused it: a rule of the business.
    case business(String)
    /// Another command, with other contents, has the same id.
    case idTaken
    /// Its deadline passed, after so many attempts.
    case expired(attempts: Int)
    /// So many commands are being executed, which is the limit.
    case busy(limit: Int)
    /// Its queue holds as much as it may.
    case queueFull(queue: String, capacity: Int)
    /// Its sequence is parked, and nothing more of it can be.
    case deadLettersFull(DeadLetterQueue.Refusal)

    /// The reasons without their particulars, to count by.
    public enum Reason: Hashable, Sendable, CaseIterable {
        /// ``CommandRejection/noHandler(type:registered:)``.
        case noHandler
        /// ``CommandRejection/invalid(_:)``.
        case invalid
        /// ``CommandRejection/refused(by:_:)``.
        case refused
        /// ``CommandRejection/business(_:)``.
        case business
        /// ``CommandRejection/idTaken``.
        case idTaken
        /// ``CommandRejection/expired(attempts:)``.
        case expired
        /// ``CommandRejection/busy(limit:)``.
        case busy
        /// ``CommandRejection/queueFull(queue:capacity:)``.
        case queueFull
        /// ``CommandRejection/deadLettersFull(_:)``.
        case deadLettersFull
    }

    /// The reason without its particulars.
    public var reason: Reason {
        switch self {
        case .noHandler: .noHandler
        case .invalid: .invalid
        case .refused: .refused
        case .business: .business
        case .idTaken: .idTaken
        case .expired: .expired
        case .busy: .busy
        case .queueFull: .queueFull
        case .deadLettersFull: .deadLettersFull
        }
    }
}

extension CommandRejection: CustomStringConvertible {
    /// One line for whoever sent the command.
    public var description: String {
        switch self {
        case .noHandler(let type, let registered):
            "no handler for \(type); registered are \(registered.isEmpty ? "none" : registered.joined(separator: ", "))"
        case .invalid(let reason): "invalid: \(reason)"
        case .refused(let middleware, let reason): "refused by \(middleware): \(reason)"
        case .business(let reason): reason
        case .idTaken: "another command with other contents has the same id"
        case .expired(0): "its deadline has passed; it was not executed"
        case .expired(let attempts): "its deadline has passed after \(attempts) failed attempts"
        case .busy(let limit): "\(limit) commands are being executed, which is the limit"
        case .queueFull(let queue, let capacity): "queue \(queue) is full with \(capacity) commands"
        case .deadLettersFull(let refusal): "\(refusal)"
        }
    }
}
