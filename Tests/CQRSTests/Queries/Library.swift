import CQRS
import EventSourcing
import Resilience
import Testing
import Timeline

/// A query bus with queries of every kind.
///
/// `Get` is cached for a minute, `List` too, with pages of up to 100, and `Live` is never cached. `Find` goes to
/// the shard of its key, `Count` to all shards and fails if one does, `Search` to all and is content with two.
struct Library {
    typealias Bus = QueryBus<String>
    var bus: Bus

    init(
        shards: [String] = ["a", "b", "c"], sharedFailure: QueryBusSettings.SharedFailure = .isTold,
        concurrency: Int = 1_000
    ) throws {
        let breaker = try CircuitBreaker.Settings(window: .calls(2), openTime: .seconds(10), probes: 1)
        bus = QueryBus(
            try .init(
                cacheCapacity: 100, rememberedTags: 100, sharedFailure: sharedFailure, concurrency: concurrency,
                shards: .init(breaker: breaker)))
        for shard in shards { try bus.addShard(shard, at: .zero) }
        let minute = Duration.minutes(1)
        try bus.register(QueryType("Get", handledBy: "orders", timeToLive: minute))
        try bus.register(QueryType("List", handledBy: "orders", pageLimit: 100, timeToLive: minute))
        try bus.register(QueryType("Live", handledBy: "orders"))
        try bus.register(QueryType("Find", handledBy: "shards", timeToLive: minute, reach: .shard))
        try bus.register(QueryType("Count", handledBy: "shards", timeToLive: minute, reach: .allShards(.fails)))
        try bus.register(
            QueryType("Search", handledBy: "shards", timeToLive: minute, reach: .allShards(.isAnswered(from: 2))))
    }

    /// Asks, and finds the query valid.
    mutating func ask(_ query: Query, from caller: UInt64 = 0, at now: Instant = .zero) -> [Bus.Step] {
        let step = bus.ask(query, from: caller, at: now)
        guard case .validate(let ticket) = step else { return [step] }
        return bus.resume(ticket, with: .pass, at: now)
    }

    /// Replies to a step.
    mutating func reply(_ step: Bus.Step?, _ reply: Bus.Reply, at now: Instant = .zero) throws -> [Bus.Step] {
        bus.resume(try #require(step?.ticket), with: reply, at: now)
    }

    func metrics(_ type: String = "Get") throws -> QueryMetrics { try #require(bus.metrics(of: type)) }
}

extension QueryBus.Step {
    var ticket: QueryBus.Ticket? {
        switch self {
        case .validate(let ticket), .execute(_, let ticket), .merge(_, _, let ticket): ticket
        case .answer, .joined: nil
        }
    }

    var isExecution: Bool {
        if case .execute = self { true } else { false }
    }

    var target: QueryBus.Target? {
        if case .execute(let target, _) = self { target } else { nil }
    }

    var response: QueryResponse<Value>? {
        if case .answer(.response(let response), _) = self { response } else { nil }
    }

    var failure: QueryFailure? {
        if case .answer(.failed(let failure), _) = self { failure } else { nil }
    }

    var rejection: QueryRejection? {
        if case .answer(.rejected(let rejection), _) = self { rejection } else { nil }
    }

    var callers: [UInt64]? {
        if case .answer(_, let callers) = self { callers } else { nil }
    }
}

extension QueryBus.Reply where Value == String {
    /// A result with tags.
    static func value(_ value: String, _ tags: String..., at position: Int64? = nil) -> Self {
        .result(QueryResult(value, tags: tags, position: position.map { Position($0) }))
    }
}
