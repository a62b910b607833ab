import Simulation

/// The verbs of the command grammar: the table from which commands are parsed, explained and completed.
enum Verb: String, CaseIterable {
    case inject, heal, set, force, replay, rebuild, resume, saga, flow, deploy, warm, caption, mark, pause, play, step,
        run,
        speed, rewind, save, quit

    /// How it is written; alternatives stand in lines of their own.
    var syntax: [String] {
        switch self {
        case .inject: FaultForm.allCases.map { "inject \($0.syntax)" }
        case .heal: ["heal all", "heal F3", "heal TARGET"]
        case .set: ["set PATH VALUE"]
        case .force: ["force BREAKER open | closed | metrics-only | auto"]
        case .replay: ["replay PROJECTION | BUS"]
        case .rebuild: ["rebuild PROJECTION"]
        case .resume: ["resume PROJECTION"]
        case .saga:
            SagaDeed.allCases.map { "saga \($0.syntax) [because \"TEXT\"]" }
        case .flow:
            FlowOrder.Deed.allCases.map {
                "flow \($0.rawValue) CHOREOGRAPHY#NUMBER | CHOREOGRAPHY STANDING [because \"TEXT\"]"
            }
        case .deploy: ["deploy SAGA"]
        case .warm: ["warm SERVICE"]
        case .caption: ["caption \"TEXT\""]
        case .mark: ["mark \"NAME\""]
        case .pause: ["pause"]
        case .play: ["play"]
        case .step: ["step [COUNT]", "step back [COUNT]", "step DURATION"]
        case .run: ["run to TIME", "run until CONDITION"]
        case .speed: ["speed FACTOR", "xFACTOR"]
        case .rewind: ["rewind DURATION", "rewind to TIME", "rewind to \"NAME\""]
        case .save: ["save FILE"]
        case .quit: ["quit"]
        }
    }

    /// What it does.
    var meaning: String {
        switch self {
        case .inject: "breaks something"
        case .heal: "ends all faults, fault number 3, or those on a target"
        case .set: "changes a setting or a rate, as --set does"
        case .force: "holds a circuit breaker open or closed, lets it only count, or lets it judge again"
        case .replay:
            "has a projection deal again with the events that it has set aside, or a bus with its dead letters"
        case .rebuild: "makes a projection's table anew, beside the one that serves until the new one takes over"
        case .resume: "lets a projection go on that has stopped"
        case .saga:
            "does something with a saga, by the number of its request, or with all that stand so"
        case .flow:
            "does something with a flow of a choreography, by the number of its request, or with all that stand so"
        case .deploy: "starts a saga by this version from now on; those under way keep the one they began with"
        case .warm: "has the cache of a service load ahead what its warming chooses"
        case .caption: "shows a line to whoever watches; an empty one takes it away"
        case .mark: "names the moment, to rewind to"
        case .pause: "stops the clock"
        case .play: "lets the clock go on"
        case .step: "goes on (or back) by so many events, 1 if none is said, or for so long"
        case .run: "goes on as fast as it can to a time, or until something holds"
        case .speed: "lets so many virtual seconds pass in a second"
        case .rewind: "goes back; what came later happens again unless you do something else"
        case .save: "writes this session as a scenario file"
        case .quit: "leaves"
        }
    }

    /// One or more lines that are right.
    var examples: [String] {
        switch self {
        case .inject: ["inject latency on payment add 800ms jitter 20% for 40s"]
        case .heal: ["heal payment"]
        case .set: ["set services.payment.workers 32"]
        case .force: ["force payment open"]
        case .replay: ["replay order-summary"]
        case .rebuild: ["rebuild order-summary"]
        case .resume: ["resume order-summary"]
        case .saga: ["saga cancel place-order#17 because \"the customer called\"", "saga retry place-order waiting"]
        case .flow: ["flow resend place-order orphaned because \"shipping listens again\""]
        case .deploy: ["deploy place-order"]
        case .warm: ["warm web"]
        case .caption: ["caption \"Payment slows down\""]
        case .mark: ["mark \"breaker open\""]
        case .pause: ["pause"]
        case .play: ["play"]
        case .step: ["step 100", "step 5s"]
        case .run: ["run until breaker payment is open"]
        case .speed: ["speed 4", "x0.5"]
        case .rewind: ["rewind 10s", "rewind to \"breaker open\""]
        case .save: ["save my-session.yaml"]
        case .quit: ["quit"]
        }
    }

    /// Whether it can stand in a scenario's timeline.
    var isTimed: Bool {
        switch self {
        case .inject, .heal, .set, .force, .warm, .replay, .rebuild, .resume, .saga, .flow, .deploy, .caption, .mark,
            .pause, .play, .speed:
            true
        case .step, .run, .rewind, .save, .quit: false
        }
    }
}
