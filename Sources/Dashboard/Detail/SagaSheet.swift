internal import Resilience
internal import Sagas
internal import Screen
internal import Simulation
internal import Timeline

/// All about one saga, in parts, of which a screen shows as many as it has room for.
struct SagaSheet: Sendable {
    let title: String
    /// How it stands, what it waits for, what went wrong.
    private(set) var head: [Line] = []
    /// Its steps and undos over the time.
    private(set) var chart: [Line] = []
    /// Its definition with what has become of each step; what would be undone; its data.
    private(set) var state: [Line] = []
    /// Its money, then its journal entries, the newest first.
    private(set) var past: [Line] = []
    /// What it has decided and stored, the oldest first.
    private(set) var decided: [Line] = []

    /// - Parameter rows: how many lines there are for its head and its timeline together.
    init(_ followed: FollowedSaga, _ scene: Scene, _ glyphs: Glyphs, columns: Int, rows: Int = .max) {
        let saga = followed.view
        let plan = scene.plan.sagas[saga.plan]
        let now = saga.endedAt ?? max(saga.startedAt, scene.sample.time)
        title = "Saga #\(saga.request)"
        let words = SagaWords(saga: saga, plan: plan, world: scene.plan, now: now, glyphs: glyphs)
        head = words.head(followed.row)
        let timeline = SagaTimeline(saga, followed.story, plan.definition, now: now)
        chart = SagaTimelineText(timeline, plan.definition, glyphs, columns: columns).lines(atMost: rows - head.count)
        state = words.steps + words.undoStack + words.values + words.lockAndRecoveries + words.rules
        past = words.money(followed.story) + words.entries(followed.story, scene)
        decided = words.decided
    }

    /// All of it, one below the other.
    var lines: [Line] { head + [.empty] + chart + state + past + decided }
}

extension DetailText {
    /// A saga: its steps, its undos, and what it has been through.
    static func saga(_ request: UInt64, _ scene: Scene, _ glyphs: Glyphs, columns: Int) -> DetailText {
        guard let followed = scene.followed(request) else {
            let line = Line("it is over and no longer kept", .faint)
            return DetailText(title: "Saga #\(request)", lines: [line])
        }
        let sheet = SagaSheet(followed, scene, glyphs, columns: columns)
        return DetailText(title: sheet.title, lines: sheet.lines)
    }
}

extension Scene {
    /// All that is known of a saga: what was gathered since somebody looked at it, or else what is there now.
    func followed(_ request: UInt64) -> FollowedSaga? {
        if let followed, followed.request == request { return followed }
        return FollowedSaga(request, world, journal)
    }
}
