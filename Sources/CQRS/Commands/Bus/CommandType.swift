public import Resilience
public import Timeline

/// How commands of one type are handled.
public struct CommandType: Hashable, Sendable {
    /// What such a command is called: `ConfirmOrder`.
    public let name: String
    /// Who handles it, for messages and for the eye.
    public let handler: String
    /// Whether its sender waits for it.
    public let delivery: Delivery
    /// What follows a failure; nil if it is tried once.
    public let retry: RetryPolicy?
    /// How often it is tried again at once after a version conflict. After that a conflict is a failure like any other;
    /// and with each attempt that follows on a wait the count begins anew.
    public let conflictRetries: Int

    /// How a command comes to its handler.
    public enum Delivery: Hashable, Sendable {
        /// At once; its sender is told what came of it.
        case local
        /// By a queue of this name; its sender is told that it will be executed.
        case queued(String)
    }

    /// Checks the settings of a type.
    /// - Parameters:
    ///   - name: 1 to 250 bytes without control characters.
    ///   - handler: the same.
    ///   - delivery: local by default.
    ///   - retry: none by default.
    ///   - conflictRetries: 0 or more; 3 by default, as in Emmett.
    /// - Throws: a ``SettingError`` that names the first setting out of its range.
    public init(
        _ name: String, handledBy handler: String, delivery: Delivery = .local, retry: RetryPolicy? = nil,
        conflictRetries: Int = 3
    ) throws(SettingError) {
        guard CommandEnvelope.isName(name) else { throw CommandEnvelope.nameError("name", name) }
        guard CommandEnvelope.isName(handler) else { throw CommandEnvelope.nameError("handler", handler) }
        guard conflictRetries >= 0 else {
            throw SettingError("conflictRetries", given: conflictRetries, allowed: "0 or more")
        }
        self.name = name
        self.handler = handler
        self.delivery = delivery
        self.retry = retry
        self.conflictRetries = conflictRetries
    }
}

/// Why a type of commands cannot be registered.
public enum CommandRegistrationError: Error, Hashable, Sendable {
    /// It is registered already, with another handler or other settings.
    case registered(type: String, handler: String, second: String)
    /// There is no queue of that name; there are these.
    case unknownQueue(String, type: String, queues: [String])
}

extension CommandRegistrationError: CustomStringConvertible {
    /// One line, with what to do.
    public var description: String {
        switch self {
        case .registered(let type, let handler, let second) where handler == second:
            "\(type) is registered already, for \(handler)"
        case .registered(let type, let handler, let second):
            "\(type) is handled by \(handler) already; \(second) cannot handle it too"
        case .unknownQueue(let queue, let type, let queues):
            "\(type): there is no queue \(queue); there are \(queues.isEmpty ? "none" : queues.joined(separator: ", "))"
        }
    }
}
