public import Timeline

extension Saga {
    /// What a saga is told.
    public enum Input: Hashable, Sendable {
        /// It begins.
        case start
        /// The lock that it asked for when it started is its own now.
        case lockGranted
        /// The lock is another one's.
        case lockRefused
        /// How that attempt of a step went.
        ///
        /// A reply that is not waited for changes nothing, except that a success is one, of whichever attempt: all have
        /// one idempotency key. That loses nothing: a call that was abandoned when the saga turned back is answered by
        /// the undo, which was registered before it.
        case stepReplied(step: Int, attempt: Int, Reply)
        /// How that attempt of a step's undo went.
        case undoReplied(step: Int, attempt: Int, Reply)
        /// The moment of ``Saga/due(under:)`` has come; earlier it changes nothing.
        case timePassed
        /// The orchestrator has crashed, and has read the saga back from its events.
        ///
        /// Calls whose replies were waited for may have happened: they are made again, with the same keys.
        case recovered
    }

    /// How a call went.
    public enum Reply: Hashable, Sendable {
        /// It was done. The result can be read by later steps and undos; that of an undo is not kept.
        case success(SagaValue?)
        /// It was not done, or perhaps it was. The time to retry after is what the callee, or a guard before it,
        /// asked for.
        case failure(Failure, retryAfter: Duration? = nil)
    }

    /// Why a call failed.
    public struct Failure: Hashable, Sendable {
        /// What went wrong.
        public var code: Code
        /// Whether it is worth another attempt.
        public var isRetryable: Bool
        /// What is known about it.
        public var outcome: Outcome

        /// A failure; one that is worth another attempt by default.
        public init(_ code: Code, _ outcome: Outcome, isRetryable: Bool = true) {
            self.code = code
            self.outcome = outcome
            self.isRetryable = isRetryable
        }
    }

    /// What went wrong, as a number: those below 16 are the saga's own, the others the callees'.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The number.
        public var rawValue: UInt16

        /// A callee's code: 16 or more.
        public init(rawValue: UInt16) {
            self.rawValue = rawValue
        }

        /// The callee has not said what.
        public static let unspecified = Code(rawValue: 0)
        /// The reply did not come within the limit of the attempt, or of the step.
        public static let timedOut = Code(rawValue: 1)
        /// The callee returned a value of another kind than the definition says.
        public static let wrongResult = Code(rawValue: 2)
        /// The orchestrator crashed while it waited for the reply.
        public static let interrupted = Code(rawValue: 3)
    }

    /// What is known about a call that failed.
    public enum Outcome: UInt8, Hashable, Sendable {
        /// The service has not done it, and will not do it later: it refused, or a guard kept the call from it.
        case notExecuted
        /// The service may have done it or may still do it: the reply was lost, or did not come in time.
        case unknown
        /// The service has not done it, and remembers that: no attempt with this key will ever happen, not even one
        /// that is still on its way.
        case never
    }

    /// The last thing that went wrong.
    public struct StepError: Hashable, Sendable {
        /// When.
        public var time: Instant
        /// With which step.
        public var step: Int { Int(position) }
        /// Why.
        public var failure: Failure
        /// Whether it was the step's undo.
        public var isUndo: Bool
        var position: UInt8
    }

    /// What makes all attempts of one step one and the same to the service.
    ///
    /// A service honours it like this. A call with a key that it has done is not done again but gets the first
    /// result. An undo takes back what was done under the key, once. An undo of a key that it does not know
    /// succeeds and leaves a mark, so that the call itself, should it come late, is refused: otherwise a slow
    /// network could bring back what was compensated.
    public struct IdempotencyKey: Hashable, Sendable {
        /// The ``Saga/id`` of the saga that called the step first.
        public let saga: UInt64
        /// The position of the step.
        public let step: Int
    }
}

extension Saga.Code: CustomStringConvertible {
    /// What went wrong, in a few words.
    public var description: String {
        switch self {
        case .unspecified: "failed"
        case .timedOut: "timed out"
        case .wrongResult: "wrong result"
        case .interrupted: "interrupted"
        default: "code \(rawValue)"
        }
    }
}
