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
        let text = Storm(seed: seed).text
        let session = try run(text)
        for (index, projection) in session.simulation.plan.projections.enumerated() {
            let view = session.simulation.world.projection(index)
            if view.outOfOrder > 0 { report(text, session.now, "\(projection.name): \(view.outOfOrder) out of order") }
            let differing = session.simulation.world.rowsThatDiffer(inProjection: index)
            if differing != 0 {
                report(text, session.now, "\(projection.name): \(differing.map(String.init) ?? "?") rows differ")
            }
        }
    }

    @Test(
        "wherever a checkout and what drives it break, every cent and every piece is accounted for, and every saga ends",
        arguments: Storm.seeds)
    func checkout(seed: UInt64) throws {
        _ = try run(SagaStorm(seed: seed).text)
    }

    @Test(
        "wherever a choreography breaks, every cent and every piece is accounted for, and every flow ends",
        arguments: Storm.seeds)
    func choreography(seed: UInt64) throws {
        _ = try run(FlowStorm(seed: seed).text)
    }

    @Test(
        "whatever breaks in a cache and around it, every call ends, nothing is older than it may be, no write goes missing",
        arguments: Storm.seeds)
    func cache(seed: UInt64) throws {
        let storm = CacheStorm(seed: seed)
        var wrong = 0
        let session = try run(storm.text) { session in
            let world = session.simulation.world
            for each in CacheStorm.broken(at: world) { report(storm.text, session.now, each) }
            if session.now <= CacheStorm.healed { wrong = world.cache(ofService: 0)?.counts.staleReads ?? 0 }
        }
        for each in storm.broken(atEnd: session.simulation.world, wrong: wrong) {
            report(storm.text, session.now, each)
        }
    }

    @Test(
        "whatever breaks at a gateway, each request that it takes ends once, and a run that was turned back is the same",
        arguments: Storm.seeds.count > 20 ? Array(Storm.seeds) : Array(Storm.seeds.prefix(4)))
    func gateway(seed: UInt64) throws {
        let text = GatewayStorm(seed: seed).text
        let session = try run(text)
        for each in GatewayStorm.broken(atEnd: session.simulation.world, session.scenario.plan) {
            report(text, session.now, each)
        }
        var options = Self.options
        options.simulation.keyframeBytes = 16 << 20
        var again = Session(scenario: session.scenario, options: options)
        again.run(upTo: .after(.milliseconds(5_400)))
        try again.perform(text: "rewind to 2.3s")
        again.runToEnd()
        if again.fingerprint != session.fingerprint { report(text, again.now, "turned back it is another run") }
    }

    private static let options = {
        var options = Session.Options.headless
        options.end = .after(.seconds(60))
        return options
    }()

    /// Runs a storm to its end, with a look at it after every second, and reports what it should not have done.
    private func run(_ text: String, eachSecond look: (Session) -> Void = { _ in }) throws -> Session {
        let scenario = try Scenario(parsing: text, file: "storm.yaml")
        var session = Session(scenario: scenario, options: Self.options)
        session.runToEnd {
            look($0)
            return true
        }
        if !session.isDrained { report(text, session.now, "it does not come to rest") }
        // A fault may hit nothing: a node that keeps nothing, a moment without work.
        for judgement in session.judgements where judgement.verdict == .fail {
            let observed = judgement.observed ?? ""
            report(text, judgement.firstViolated ?? session.now, "\(judgement.expected): \(observed)")
        }
        return session
    }

    /// Keeps a storm as a file, and says how to see it again at the moment at which it goes wrong.
    private func report(_ text: String, _ moment: Instant, _ what: String) {
        let name = text.split(separator: "\n").first { $0.hasPrefix("name: ") }?.dropFirst(6) ?? "storm"
        let file = FileManager.default.temporaryDirectory.appending(path: "\(name).yaml")
        let path = file.path(percentEncoded: false)
        try? text.write(toFile: path, atomically: true, encoding: .utf8)
        Issue.record("\(what); see it: sagascope run \(path) --headless --until \(moment)")
    }
}
