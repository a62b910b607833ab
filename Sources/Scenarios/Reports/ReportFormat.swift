/// What stands in the JSON of a report, as a table that documents it.
///
/// Components are objects keyed by their names, in the order of the scenario. Numbers say their unit in their key:
/// `Milliseconds`, `Seconds`, `Cents`; shares are from 0 to 1; what has no unit is counted. What is not known is null.
public enum ReportFormat {
    /// The keys at the top, in their order, with what stands under them.
    public static let keys: [(key: String, meaning: String)] = [
        ("schemaVersion", "1; grows only if a key changes its meaning"),
        ("scenario", "the scenario's name"),
        ("seed", "from which all chance is derived"),
        ("digest", "the run's fingerprint: equal for equal runs"),
        ("verdict", "on all expectations: error, fail, inconclusive or pass"),
        ("virtualTime", "when the run ended, draining included, as a clock shows it: 00:03:01.000"),
        ("virtualTimeSeconds", "the same in seconds"),
        ("drained", "whether everything had come to rest by then"),
        ("events", "how many events were executed"),
        ("wallSeconds", "how long the event loop took; null if it was not measured"),
        (
            "requests",
            "from outside: offered, ok, failed, rejected, timedOut, p50 to max and mean; loads: the same each"
        ),
        (
            "services",
            "workers, running (replicas), busy, queued, down, offered, completed, rejected, workForNobody; priorities, "
                + "where the order knows them: queued, oldestWaitMilliseconds"
        ),
        ("operations", "offered, ok, failed, rejected, timedOut, p50 to max and mean; sagas too"),
        (
            "gateways",
            "by service: taken by a worker, underWay, lost; statuses: how many requests ended with each; ends: in which way "
                + "(backend, stored, no route, rate limit, auth, ...), failures: those of 400 and more; routes: the same of "
                + "each; stages: passed, answered, meanMilliseconds; storedResponses, keyFetches, keyRotations, spoofed, "
                + "believed"
        ),
        ("edges", "attempts, retries, retriesExhausted, timeouts, limitsMilliseconds, guards (outermost first)"),
        (
            "breakers",
            "by edge: state, trips, permitted, rejected, succeeded, failed, slow, stale; of several, the sums and a state "
                + "that is not closed, if one has such; parts: the same of each operation or replica"
        ),
        (
            "retries",
            "by edge: retries, succeededAtOnce, succeededAfterRetry; given up: attemptsExhausted, notRetryable, outOfTime, "
                + "budgetExhausted"
        ),
        ("retryBudgets", "by edge, of its retries and hedges: calls, granted, refused, returned"),
        (
            "hedges",
            "by edge: calls, hedges, wonByPrimary, wonByHedge, failed, budgetExhausted, delayMilliseconds (null while "
                + "unknown)"
        ),
        (
            "fallbacks",
            "by edge: inFlight, succeeded, failed, ignored, rejected (too many at once), notFor (such failures)"
        ),
        (
            "bulkheads",
            "by edge: threads, active, queued, submitted, rejected, workForNobody, largestSize; priorities as of services"
        ),
        (
            "semaphores",
            "by edge: permits, inUse, waiting, asked, permitted, rejected (timedOut of these), workForNobody, "
                + "longestWaitMilliseconds"
        ),
        (
            "balancers",
            "by edge: by, picked, refused, eligible, ejected, ejections, unhealthy, panics, panicking; replicas: the same "
                + "each, with running, weight, keyShare (null where keys do not decide), ok, failed, underWay, health, probes, "
                + "failedProbes"
        ),
        (
            "connections",
            "by edge: max, active, idle, creating, waiting, granted, timedOut, rejected, workForNobody, created, createFailed, "
                + "handshakes, closed (by reason), leaks (reported), leaked (in use for nobody), meanAcquireMilliseconds, maxAcquireMilliseconds"
        ),
        (
            "memory",
            "by service or edge: limitBytes (null for none), usedBytes, peakBytes, reserved, refusedByChild, "
                + "refusedByParent, evicted"
        ),
        (
            "limiters",
            "by edge, and tenant if each has one: perSecond, granted, delayed, rejected, givenBack, reserved"
        ),
        ("throttles", "by edge: allowed, throttled, accepted, refused, rejectionProbability"),
        (
            "concurrencyLimits",
            "by edge: limit, lowest, highest, inFlight, admitted, rejected, dropped, raised, lowered, unloadedMilliseconds"
        ),
        (
            "isolators",
            "by edge and compartment: running, queued, asked, started, succeeded, failed, refused (rateLimited, circuitOpen, full, expired, displaced), "
                + "workForNobody, longestWaitMilliseconds, breaker, answered"
        ),
        (
            "caches",
            "by service: lookups, hits, hitRatio, absentHits, absentLoads, staleHits, loads, joins, refreshes, prefetches, "
                + "servedStale, writes, lostWrites, unwritten, invalidations, overtakenLoads; by level: entries, kilobytes (null "
                + "where it counts entries), hits, misses, conditionalHitRatio, shareOfAll, expired, evictions, promotions, "
                + "demotions"
        ),
        (
            "sagas",
            "started, running, compensating, completed, compensated, compensationFailed, overdue, leftOut, killed, recovered, "
                + "attention (that wait for an operator), stuck, alarms"
        ),
        (
            "choreographies",
            "started, running, compensating, completed, compensated, orphaned, parked, closed (by an operator), deadLetters"
        ),
        (
            "eventStores",
            "by store: prefers, streams, events (that count), appended, repeated, done, refused, conflicts, gaveUp, "
                + "timedOut, lost, eventsRead, snapshots, elections, fenced, overwritten, conflictingEvents, overruled, diverged; "
                + "nodes: up, leads (partitions) or, where availability is preferred, appended, knows, openConflicts, "
                + "rounds, equalRounds, bytesSent"
        ),
        (
            "projections",
            "by projection: store, state, version, position, head, lag, lagMilliseconds, projected, projectedTwice, outOfOrder, "
                + "leftOut, setAside, streamsSetAside, unprojected, notPublished, effects, batches, eventFailures, reads, "
                + "staleReads, ownWritesMissed, waited"
        ),
        (
            "commandBuses",
            "by bus: waiting, busy, down, deadLetters, sequencesParked; types: sent, duplicates, done, rejected, failed, "
                + "attempts, retries, conflicts, deadLettered, heldBack, averageMilliseconds"
        ),
        (
            "queryBuses",
            "by projection: asked, answered, rejected, failed, hits, misses, coalesced, hitRatio, cached, invalidated; "
                + "shards: name, calls, failed, refused, breaker"
        ),
        ("ledger", "the sum of each account and what is pending, in cents; entries"),
        ("commands", "what was done, in order: atSeconds, command, by (scenario or operator)"),
        ("faults", "name, fault, target, atSeconds, healedAtSeconds, hits (how many calls it really hit)"),
        (
            "invariants",
            "what must hold of every run: rule, holds; of the ledger differenceCents, of projections twice and missing"
        ),
        (
            "expectations",
            "expectation, verdict, expected, observed, reason, firstHeldSeconds, firstViolationSeconds"
        ),
    ]
}
