import Foundation
import Scenarios
import Simulation
import Testing
import Timeline

@Suite("Storms")
struct StormTests {
    @Test(
        "whatever breaks, no accepted event is lost, none is projected twice, and tables are what a replay makes",
        arguments: Storm.seeds)
    func storm(seed: UInt64) throws {
        let storm = Storm(seed: seed)
        let scenario = try Scenario(parsing: storm.text, file: "storm-\(seed).yaml")
        var options = Session.Options.headless
        options.end = .after(.seconds(60))
        var session = Session(scenario: scenario, options: options)
        session.runToEnd()
        if !session.isDrained { report(storm, session.now, "it does not come to rest") }
        // A fault may hit nothing: a node that keeps nothing, a moment without work.
        for judgement in session.judgements where judgement.verdict == .fail {
            let observed = judgement.observed ?? ""
            report(storm, judgement.firstViolated ?? session.now, "\(judgement.expected): \(observed)")
        }
        for (index, projection) in scenario.plan.projections.enumerated() {
            let view = session.simulation.world.projection(index)
            if view.outOfOrder > 0 { report(storm, session.now, "\(projection.name): \(view.outOfOrder) out of order") }
            let differing = session.simulation.world.rowsThatDiffer(inProjection: index)
            if differing != 0 {
                report(storm, session.now, "\(projection.name): \(differing.map(String.init) ?? "?") rows differ")
            }
        }
    }

    /// Keeps the storm as a file, and says how to see it again at the moment at which it goes wrong.
    private func report(_ storm: Storm, _ moment: Instant, _ what: String) {
        let file = FileManager.default.temporaryDirectory.appending(path: "storm-\(storm.seed).yaml")
        let path = file.path(percentEncoded: false)
        try? storm.text.write(toFile: path, atomically: true, encoding: .utf8)
        Issue.record("\(what); see it: sagascope run \(path) --headless --until \(moment)")
    }
}
