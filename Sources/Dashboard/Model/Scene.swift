internal import Scenarios
internal import Simulation
internal import Timeline

/// What one frame shows: the run as it stands, for no longer than it takes to draw it.
///
/// The copies cost a few retains as long as the run does not go on before they are gone.
struct Scene {
    let world: World
    let journal: Journal
    let history: History
    let plan: Plan
    /// What was done to the run, and is still to come.
    let commands: [TimedAction]
    /// How the run goes, and what is said about it.
    let status: RunStatus
    /// The latest news, oldest first.
    let events: [EventLine]
    /// The latest changes of state of each breaker, oldest first.
    let transitions: [Component: [StateChange]]
    /// The sagas and pools of a moment ago.
    let sample: Sample
    let latencies: LoadLatencies
    /// How often calls are tried, lately.
    let tries: RecentTries
    /// What gateways and balancers did lately.
    let traffic: RecentTraffic
    /// How long routes take, while somebody looks.
    let routeLatencies: RouteLatencies
    /// The sagas of the list.
    let sagas: SagaList
    /// The flows of choreographies of the list.
    let flows: FlowList
    /// What other caches would have had, while somebody looks.
    let hindsights: Hindsights
    /// The key of a cache that somebody has asked for, as it was typed.
    let askedKey: String
    /// The saga that is selected, if one is.
    let followed: FollowedSaga?

    var now: Instant { world.now }
}

/// How a run goes, and what is said about it: all that a frame shows besides the simulated system.
struct RunStatus: Hashable, Sendable {
    /// Whether time passes.
    enum Motion: Hashable, Sendable {
        case running
        /// The load has stopped, and what is under way comes to its end.
        case draining
        /// Why it stands still, in a word or two; empty where that is plain.
        case paused(String)
        case ended
    }

    /// A command that is still to come.
    struct Upcoming: Hashable, Sendable {
        var time: Instant
        var command: Command
        /// Whether the operator gave it, before time was turned back.
        var isReplayed: Bool

        var text: String { "\(command)" }
    }

    var motion = Motion.running
    /// Virtual seconds in a wall second.
    var speed = 1.0
    /// Whether it runs to somewhere as fast as it can.
    var isHurrying = false
    /// What the scenario says.
    var caption = ""
    var upcoming: [Upcoming] = []
    /// How many expectations hold so far, do not, and are not decided.
    var passed = 0
    var failed = 0
    var undecided = 0

    /// How many commands of the operator come again, since time was turned back.
    var replayed: Int { upcoming.count { $0.isReplayed } }
}
