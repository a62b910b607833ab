// What the parts cost, beside references where there are some.
//
//     bench [--full] [NAME...]     NAMEs pick measures; without any, all run. --full makes 10 million guarded calls
//     and watches the dashboard for ten minutes.

import Glibc

let arguments = CommandLine.arguments.dropFirst()
let isFull = arguments.contains("--full")
let wanted = arguments.filter { !$0.hasPrefix("--") }

let measures: [(name: String, run: () throws -> [Result])] = [
    ("hold", HoldModel.measure),
    ("guarded", { try GuardedCalls.measure(arrivals: isFull ? 10_000_000 : 1_000_000, repeats: isFull ? 3 : 9) }),
    ("checkout", Checkout.measure),
    ("keyframe", KeyframeCost.measure),
    ("rewind", RewindCost.measure),
    ("patterns", PatternCosts.measure),
    ("caching", CachingCosts.measure),
    ("gateway", GatewayCosts.measure),
    ("twins", Twins.measure),
    ("store", StoreCosts.measure),
    ("sagas", SagaCosts.measure),
    ("sagalist", SagaListCost.measure),
    ("dashboard", { try DashboardCost.measure(seconds: isFull ? 600 : 60) }),
]

let unknown = wanted.filter { name in !measures.contains { $0.name == name } }
guard unknown.isEmpty, arguments.allSatisfy({ !$0.hasPrefix("--") || $0 == "--full" }) else {
    print("usage: bench [--full] [\(measures.map(\.name).joined(separator: "|"))]...")
    exit(64)
}

var results: [Result] = []
for measure in measures where wanted.isEmpty || wanted.contains(measure.name) {
    results += try measure.run()
}
print(Report.table(of: results))
let path = Report.path(besideProgram: CommandLine.arguments[0])
print(Report.write(Report.json(of: results), to: path) ? "\nwritten to \(path)" : "\ncould not write \(path)")
exit(results.allSatisfy { $0.meetsGoal != false } ? 0 : 1)
