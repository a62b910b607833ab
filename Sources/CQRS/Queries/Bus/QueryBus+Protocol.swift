public import Resilience

extension QueryBus {
    /// Which step of which query somebody answers to; an answer that comes late, or twice, is recognised by it.
    public struct Ticket: Hashable, Sendable {
        let slot: UInt32
        let turn: UInt32
        /// Which part of a query to all shards.
        let part: Int
    }

    /// What whoever drives the bus has to do next.
    public enum Step: Sendable {
        /// Say whether the query is valid: ``Reply/pass`` or ``Reply/reject(_:)``.
        case validate(Ticket)
        /// Execute the query there, and reply.
        case execute(Target, Ticket)
        /// Make one result of these parts, and reply. What the missing shards hold is not in them.
        case merge([Part], missing: [String], Ticket)
        /// Tell these callers.
        case answer(Answer, to: [UInt64])
        /// The same query is being executed, and its answer goes to this caller too.
        case joined
    }

    /// Where a query is executed.
    public enum Target: Hashable, Sendable {
        /// In the process.
        case local
        /// By this replica of a shard, counted from 0.
        case replica(Int, shard: String)
    }

    /// What one shard answered.
    public struct Part: Sendable {
        /// The shard.
        public let shard: String
        /// Its result.
        public let result: QueryResult<Value>
    }

    /// What came of a step.
    public enum Reply: Sendable {
        /// The query is valid.
        case pass
        /// It is not, or asks for what there is not.
        case reject(String)
        /// It was executed; or these are the merged parts.
        case result(QueryResult<Value>)
        /// It failed.
        case fail(FailureKind, detail: String = "")
    }

    /// What a caller is told.
    public enum Answer: Sendable {
        /// The answer.
        case response(QueryResponse<Value>)
        /// It was refused.
        case rejected(QueryRejection)
        /// It failed.
        case failed(QueryFailure)
    }
}

extension QueryBus.Answer: Equatable where Value: Equatable {}
extension QueryBus.Part: Equatable where Value: Equatable {}
extension QueryBus.Step: Equatable where Value: Equatable {}
