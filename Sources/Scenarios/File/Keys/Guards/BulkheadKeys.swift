import Bulkheads
import Timeline

/// The keys of a bulkhead.
enum BulkheadKeys {
    static let threads = Key(
        "threads", CountNotation(range: 1...1_000_000), "how many calls may be under way, always")
    static let core = Key(
        "core", CountNotation(range: 0...1_000_000), "how many calls may be under way before any waits")
    static let maximum = Key(
        "max", CountNotation(range: 1...1_000_000),
        "how many calls may be under way when the queue is full; core if left out")
    static let queue = Key("queue", CountNotation(range: 0...10_000_000), standard: "0", "how many calls may wait")
    static let keepAlive = Key(
        "keep alive", TimeNotation.any, standard: "60s",
        "after how long an idle thread above the core ends")
    static let whenFull = Key(
        "when full",
        ChoiceNotation<ThreadPool.RejectionPolicy>(choices: [
            ("abort", .abort), ("caller-runs", .callerRuns), ("discard", .discard), ("discard-oldest", .discardOldest),
        ]), standard: "abort", "what becomes of a call that finds no room, as in Java")

    static let section = Section(
        title: "a bulkhead",
        fields: [
            .setting(threads), .setting(core), .setting(maximum), .setting(queue), .setting(keepAlive),
            .setting(whenFull), .setting(QueueKeys.order), .setting(QueueKeys.expired), .setting(QueueKeys.maximumWait),
        ],
        choices: [Section.Choice(options: [["threads"], ["core", "max"]], isRequired: true)])
}

/// The keys of queues, those of bulkheads and of services alike.
enum QueueKeys {
    static let order = Key("order", QueueOrderNotation(), standard: "fifo", "which waiting call is next")
    static let expired = Key(
        "expired", ChoiceNotation<ThreadPool.ExpiredTasks>(choices: [("run", .run), ("drop", .drop)]), standard: "run",
        "what becomes of a waiting call whose deadline is over, where deadlines are handed on")
    static let maximumWait = Key(
        "max wait", OptionalNotation(TimeNotation.positive), standard: "none",
        "a call that has waited for longer is dropped")
}

/// The keys of a semaphore.
enum SemaphoreKeys {
    static let permits = Key(
        "permits", CountNotation(range: 0...1_000_000), standard: "25", "how many calls may be under way")
    static let wait = Key("wait", TimeNotation.any, standard: "0s", "how long a call may wait for a permit")

    static let section = Section(title: "a semaphore", fields: [.setting(permits), .setting(wait)])
}
