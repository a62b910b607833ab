public import Timeline

extension CommandBus {
    /// Which step of which command somebody answers to. Every step has its own: an answer that comes late, or twice, is
    /// recognised by it and changes nothing.
    public struct Ticket: Hashable, Sendable {
        let slot: UInt32
        let turn: UInt32
    }

    /// What whoever drives the bus has to do next.
    public enum Step: Hashable, Sendable {
        /// Say whether the command is valid: ``Reply/pass`` or ``Reply/reject(_:)``.
        case validate(Ticket)
        /// Run this, and reply.
        case run(Stage, Ticket)
        /// Reply ``Reply/pass`` at this moment.
        case wait(until: Instant, Ticket)
        /// Tell these callers. Nobody waits for a command that came from a queue.
        case answer(Answer, to: [UInt64])
        /// The same command is under way, and its answer goes to this caller too.
        case joined
        /// It failed and will be delivered again at this moment; the worker is free.
        case postponed(until: Instant)
        /// It failed and is a dead letter now; the worker is free.
        case parked
        /// The reply came too late to matter: somebody has replied already, or its time was over.
        case late
    }

    /// A part of the way that a command takes.
    ///
    /// An attempt is the whole way, in and out: every middleware in order, the handler, every middleware in reverse. A
    /// command that is retried takes it again from the start.
    public enum Stage: Hashable, Sendable {
        /// A middleware, by its index, on the way in. It lets the command pass, rejects it, fails, or answers itself
        /// with ``Reply/done(_:)``; then nothing further in is run.
        case middleware(Int)
        /// The handler.
        case handler
        /// A middleware that let the command pass, with what came of it. It lets the outcome pass or replies another.
        case wayBack(Int, CommandOutcome)
    }

    /// What came of a step.
    public enum Reply: Hashable, Sendable {
        /// Go on. From a handler: it was done, without a result.
        case pass
        /// It was done.
        case done([UInt8])
        /// It is refused for good.
        case reject(String)
        /// It failed.
        case fail(CommandFailure)
    }

    /// What a caller is told.
    public enum Answer: Hashable, Sendable {
        /// It was done, now or when it was sent before.
        case done([UInt8])
        /// It was refused, now or when it was sent before.
        case rejected(CommandRejection)
        /// It failed, as often as it may be tried.
        case failed(CommandFailure, attempts: Int)
        /// Nobody waits for it any more, and it is not tried again.
        case cancelled
        /// It is in this queue and will be executed.
        case accepted(queue: String)
        /// It is among the dead letters of this queue, where somebody must take it up again.
        case parked(queue: String)
    }
}
