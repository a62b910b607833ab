import Scenarios
import Simulation
import Timeline

/// The fingerprints of a run, second by second, to see whether another run is the same.
struct Fingerprints: Sendable {
    private var digests: [Digest] = []
    private var last: (time: Instant, digest: Digest)?

    /// Of a run that has not begun.
    init() {}

    /// Of a whole run of a scenario.
    init(running scenario: Scenario, options: Session.Options = .headless) {
        var prints = Fingerprints()
        var session = Session(scenario: scenario, options: options)
        session.runToEnd {
            prints.take($0)
            return true
        }
        prints.take(session)
        self = prints
    }

    /// Takes the fingerprint of a session as it stands.
    mutating func take(_ session: Session) {
        let digest = session.simulation.world.runDigest
        if last?.time != session.now { digests.append(digest) }
        last = (session.now, digest)
    }

    /// The first second by whose end the runs differ; nil if they are the same.
    func firstDifference(from other: Fingerprints) -> Instant? {
        let second = zip(digests, other.digests).enumerated().first { $1.0 != $1.1 }?.offset
        if let second { return .after(.seconds(Int64(second) + 1)) }
        guard last?.digest != other.last?.digest else { return nil }
        return [last?.time, other.last?.time].compactMap { $0 }.min() ?? .zero
    }
}
