import Simulation
public import Timeline

/// What came out of a run: for people as text or Markdown, for programs as JSON.
///
/// The JSON is an interface, described by ``ReportFormat``; it is changed only by adding to it.
public struct Report: Sendable {
    /// The version of the JSON's shape.
    public static let schemaVersion = 1

    /// The report as JSON.
    public let json: JSON
    /// The verdict on everything that was expected.
    public let verdict: Verdict
    /// How each expectation was met.
    public let judgements: [Judgement]
    /// The scenario's name.
    public let scenario: String
    /// When the run ended.
    public let virtualTime: Instant
    /// The fingerprint of the run.
    public let digest: Digest
    let seed: UInt64
    let events: UInt64
    let wallSeconds: Double?

    /// The report on a session as it stands.
    ///
    /// - Parameter wallSeconds: how long the event loop took, if it was measured.
    public init(on session: Session, wallSeconds: Double? = nil) {
        scenario = session.original.name
        seed = session.original.plan.seed
        verdict = session.verdict
        judgements = session.judgements
        virtualTime = session.now
        digest = session.simulation.world.runDigest
        events = session.simulation.world.eventsExecuted
        self.wallSeconds = wallSeconds
        json = ReportWriter.json(session, wallSeconds: wallSeconds)
    }
}
