import Dashboard
import Scenarios
import Simulation
import Screen
import Timeline

/// What the list of sagas costs while a filter is typed, with 100 000 sagas in it: from a key to the frame that shows
/// what is left.
enum SagaListCost {
    static func measure() throws -> [Result] {
        var session = Session(scenario: try Scenario(parsing: scenario, file: "sagas.yaml"))
        var dashboard = Dashboard(width: 120, height: 40, depth: .indexed256, glyphs: .unicode)
        session.advance(by: .seconds(3))
        dashboard.observe(&session)
        guard session.simulation.world.sagaRows().count > 95_000 else { throw TooFew() }
        let keys = "6/charge 99 -3 wait".unicodeScalars.map { Key.character($0) }
        var (typed, drawn): ([Double], [Double]) = ([], [])
        for _ in 0..<5 {
            for key in keys {
                typed.append(secondsTaken { _ = dashboard.update(.key(key), &session) } * 1e3)
                drawn.append(secondsTaken { _ = dashboard.view(session) } * 1e3)
            }
            for key in [Key.escape, .escape, .escape] { _ = dashboard.update(.key(key), &session) }
            // What has happened since is not known yet, so that the list has to be made anew.
            session.advance(by: .milliseconds(1))
        }
        let both = zip(typed, drawn).map { $0 + $1 }
        return [
            Result(name: "filter of 100,000 sagas, a key", unit: "ms", samples: both, goal: .worstAtMost(50)),
            Result(name: "the frame of it", unit: "ms", samples: drawn),
        ]
    }

    struct TooFew: Error, CustomStringConvertible {
        let description = "fewer than 95 000 sagas are under way"
    }

    /// Sagas of which half wait for their second step and half for their third, all for a long time.
    private static let scenario = """
        sagascope: 1
        name: many-sagas
        seed: 42
        duration: 1h
        services:
          shop:    {workers: 1000, queue: 200000, latency: constant 1us}
          payment: {workers: 1000, queue: 200000, latency: constant 1us}
        sagas:
          place-order:
            runs in: shop
            steps:
              - {name: reserve, call: payment.reserve, undo: payment.release}
              - {name: charge,  call: payment.charge,  undo: payment.refund, retry: 100 attempts constant 30m}
              - {name: confirm, call: payment.confirm, retry: until done constant 30m}
        load:
          shoppers: {start: place-order, rate: 40000/s}
        timeline: |
          at 0s     inject error on payment.charge with probability 50%
          at 0s     inject error on payment.confirm
          at 2500ms set shoppers.rate 0.001/s
        """
}
