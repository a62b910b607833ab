import Resilience
import Simulation
import Timeline

// What is tried again, tried twice at once, or answered instead.

extension ReportWriter {
    static func retries(_ world: World, _ plan: Plan) -> JSON {
        guards(.retry, plan, world.retryTotals(edge:stage:)) { totals in
            [
                "retries": .integer(Int64(totals.retries)),
                "succeededAtOnce": .integer(Int64(totals.succeededAtOnce)),
                "succeededAfterRetry": .integer(Int64(totals.succeededAfterRetry)),
                "attemptsExhausted": .integer(Int64(totals.attemptsExhausted)),
                "notRetryable": .integer(Int64(totals.notRetryable)),
                "outOfTime": .integer(Int64(totals.outOfTime)),
                "budgetExhausted": .integer(Int64(totals.budgetExhausted)),
            ]
        }
    }

    static func retryBudgets(_ world: World, _ plan: Plan) -> JSON {
        .object(
            plan.edges.enumerated().compactMap { index, edge in
                world.retryBudget(edge: index).map { budget in
                    JSON.Member(
                        edge.name,
                        [
                            "calls": .integer(Int64(budget.totals.calls)),
                            "granted": .integer(Int64(budget.totals.granted)),
                            "refused": .integer(Int64(budget.totals.refused)),
                            "returned": .integer(Int64(budget.totals.returned)),
                        ])
                }
            })
    }

    static func hedges(_ world: World, _ plan: Plan) -> JSON {
        guards(.hedge, plan, world.hedge(edge:stage:)) { hedge in
            [
                "calls": .integer(Int64(hedge.totals.calls)),
                "hedges": .integer(Int64(hedge.totals.hedges)),
                "wonByPrimary": .integer(Int64(hedge.totals.wonByPrimary)),
                "wonByHedge": .integer(Int64(hedge.totals.wonByHedge)),
                "failed": .integer(Int64(hedge.totals.failed)),
                "budgetExhausted": .integer(Int64(hedge.totals.refused)),
                "delayMilliseconds": hedge.delay.map { .number($0.milliseconds) } ?? .null,
            ]
        }
    }

    static func fallbacks(_ world: World, _ plan: Plan) -> JSON {
        guards(.fallback, plan, world.fallback(edge:stage:)) { fallback in
            [
                "inFlight": .integer(Int64(fallback.inFlight)),
                "succeeded": .integer(Int64(fallback.totals.succeeded)),
                "failed": .integer(Int64(fallback.totals.failed)),
                "ignored": .integer(Int64(fallback.totals.ignored)),
                "rejected": .integer(Int64(fallback.totals.rejected)),
                "notFor": .integer(Int64(fallback.totals.notFor)),
            ]
        }
    }
}
