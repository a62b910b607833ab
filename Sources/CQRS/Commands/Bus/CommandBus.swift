import Caching
import EventSourcing
import Timeline

/// A command bus: from a command that somebody sends to its one handler, and back with what came of it.
///
/// ```
/// send ─▶ known? ─▶ validation ─┬─▶ middleware ─▶ handler ─▶ middleware ─▶ answer          (local)
///                               └─▶ queue: accepted … worker ─▶ the same way ─▶ done       (queued)
///                                                       │ fails: again after a wait
///                                                       └ fails for good: dead letter, with all later of its sequence
/// ```
///
/// The bus runs nobody's code: each step says what is to be run, and a reply brings the next step. Whoever drives it,
/// such as ``LocalCommandBus``, a simulator or a service, calls ``send(_:from:at:)`` and then
/// ``resume(_:with:at:using:)`` with the ticket of each step; workers of a queue begin with ``take(from:at:)``. Whoever
/// gives up on a step replies that it failed: a local command that nobody replies to stays under way for ever.
///
/// - **One command is executed once**, as far as its id is remembered: a repetition joins the first while that is under
///   way, and gets its answer afterwards. Answers are remembered of commands that were done or that their handler
///   refused; what failed, and what was turned away before its handler, may be sent again.
/// - **Commands of one sequence** in one queue are executed in the order in which they were accepted, one at a time,
///   also past failures: a retry holds back its own sequence, and a dead letter parks it. A local command keeps no
///   order with any other.
/// - **A queued command** is executed at least once: its worker may vanish after the handler has done its work, so the
///   handler must know the command's id again.
public struct CommandBus: Sendable {
    /// How it is set.
    public let settings: Settings
    /// Commands that were sent and that nobody handles.
    public internal(set) var unrouted = 0
    /// Replies that came too late to matter.
    public internal(set) var lateReplies = 0

    var types: [Registered] = []
    var typeOf: [String: Int] = [:]
    var queues: [Queue] = []
    var executions: [Execution?] = []
    var turns: [UInt32] = []
    var freeSlots: [UInt32] = []
    var slotOf: [EventID: UInt32] = [:]
    var remembered: LRUCache<EventID, Remembered>
    /// Commands that are in no queue and no dead letter.
    var running = 0

    /// A type with what became of its commands.
    struct Registered: Sendable {
        let type: CommandType
        let queue: Int?
        var metrics = CommandMetrics()
    }

    /// A queue with its dead letters.
    struct Queue: Sendable {
        let settings: QueueSettings
        var commands: SequencedQueue
        var deadLetters: DeadLetterQueue
    }

    /// The answer to a command that is over.
    struct Remembered: Sendable {
        let fingerprint: UInt64
        let answer: Answer
    }

    /// A bus without any registered type.
    public init(_ settings: Settings) {
        self.settings = settings
        queues = settings.queues.map {
            Queue(settings: $0, commands: SequencedQueue($0.queue), deadLetters: DeadLetterQueue($0.deadLetters))
        }
        remembered = LRUCache(
            capacity: settings.rememberedAnswers, lifetime: Lifetime(afterWrite: settings.rememberedFor))
    }

    /// Registers a type of commands. The same type once more, with the same handler and settings, changes nothing.
    /// - Throws: if its queue is unknown, or another handler or other settings are registered for it.
    public mutating func register(_ type: CommandType) throws(CommandRegistrationError) {
        if let index = typeOf[type.name] {
            guard types[index].type == type else {
                throw .registered(type: type.name, handler: types[index].type.handler, second: type.handler)
            }
            return
        }
        var queue: Int?
        if case .queued(let name) = type.delivery {
            queue = self.queue(named: name)
            guard queue != nil else {
                throw .unknownQueue(name, type: type.name, queues: settings.queues.map(\.name))
            }
        }
        typeOf[type.name] = types.count
        types.append(Registered(type: type, queue: queue))
    }

    func queue(named name: String) -> Int? {
        queues.firstIndex { $0.settings.name == name }
    }
}
