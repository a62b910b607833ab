internal import Scenarios
internal import Simulation

// How faults are put into words, in lists, in detail and in the form.

extension FaultPlan {
    /// To whom it does what, where room is scarce: `payment latency +800ms`.
    func headline(_ plan: Plan) -> String {
        let chance = probability < 1 ? ", \(Figures.percent(probability)) of calls" : ""
        let effect =
            switch kind {
            case .latency(let add, _): "latency +\(Figures.length(add))"
            case .error: "errors"
            case .hang: "hangs"
            case .badDeploy: "bad deploy"
            case .halfOpen: "half open"
            case .wrongStatus(let status): "answers \(status)"
            case .crash: "down"
            case .capacity(let lose): "capacity -\(Figures.percent(lose))"
            case .flush: "flushed"
            case .stuck(let workers): "\(workers) stuck"
            case .hungProbe: "checks hang"
            case .falseAlarm: "false alarms"
            case .leak: "leaks connections"
            case .cut: "cut off"
            case .pause: "stands still"
            case .lose: "loses messages"
            case .interrupt(let point): "crash \(point.rawValue)"
            case .expiredKey: "key expired"
            case .spoofedHeader: "spoofs headers"
            case .allocate(let bytes): "memory +\(Why.text(bytes: Float(bytes)))/s"
            }
        return "\(TargetName(target, in: plan).name) \(effect)\(chance)"
    }

    /// What it does to whom: `latency on payment add 800ms jitter 20%`.
    func summary(_ plan: Plan) -> String {
        let name = TargetName(target, in: plan).name
        let chance = probability < 1 ? " for \(Figures.percent(probability)) of calls" : ""
        switch kind {
        case .latency(let add, let jitter):
            let spread = jitter > 0 ? " jitter \(Figures.percent(jitter))" : ""
            return "latency on \(name) +\(Figures.length(add))\(spread)\(chance)"
        case .error: return "errors on \(name)\(chance)"
        case .hang: return "hang on \(name)\(chance)"
        case .badDeploy: return "bad deploy of \(name)\(chance)"
        case .halfOpen: return "half-open connections on \(name)\(chance)"
        case .wrongStatus(let status): return "status \(status) of \(name)\(chance)"
        case .crash: return "crash of \(name)"
        case .capacity(let lose): return "capacity of \(name) -\(Figures.percent(lose))"
        case .flush: return "flush of \(name)'s cache"
        case .stuck(let workers): return "\(workers) workers of \(name) stuck"
        case .hungProbe: return "health checks on \(name) hang\(chance)"
        case .falseAlarm: return "false alarms on \(name)\(chance)"
        case .leak: return "leaked connections on \(name)\(chance)"
        case .cut: return "\(name) cut off"
        case .pause: return "\(name) stands still"
        case .lose: return "lost messages of \(name)\(chance)"
        case .interrupt(let point): return "crash of what drives \(name), \(point.rawValue)\(chance)"
        case .expiredKey: return "expired key of \(name)'s issuer"
        case .spoofedHeader: return "spoofed headers of \(name)\(chance)"
        case .allocate(let bytes): return "memory of \(name) +\(Why.text(bytes: Float(bytes))) a second"
        }
    }
}

extension FaultForm {
    /// What it does, in words.
    var shortMeaning: String {
        switch self {
        case .latency: "it takes longer"
        case .error: "it fails"
        case .hang: "it does not come back"
        case .badDeploy: "it fails at once"
        case .halfOpen: "it accepts and does not answer"
        case .wrongStatus: "it answers with a status that it should not"
        case .crash: "it goes down and loses its work"
        case .capacity: "it loses workers"
        case .flush: "it forgets everything, once"
        case .stuck: "its workers stick"
        case .hungProbe: "its health checks do not come back"
        case .falseAlarm: "its health checks fail"
        case .leak: "calls keep their connections"
        case .cut: "it cannot reach the others"
        case .pause: "it stands still, and does not know"
        case .lose: "its messages get lost"
        case .interrupt: "what drives it crashes, and another takes over"
        case .expiredKey: "the key that signs its tokens is honoured no more"
        case .spoofedHeader: "its requests say what only a proxy may say"
        case .allocate: "its memory fills"
        }
    }
}
