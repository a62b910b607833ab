import Sagas
import Timeline

/// A flow whose events are spelled as text, and whose reactions are read as text.
///
/// `2 StockReserved < 1` delivers event 2, caused by event 1; `ack 1 stock` acknowledges what stock was asked for by
/// event 1; `at 30s` lets time pass; `resume` and `close` are the operator's.
struct FlowScript {
    let choreography: Choreography
    var flow = Flow(id: 7)
    var now = Instant.zero

    init(_ choreography: Choreography) {
        self.choreography = choreography
    }

    mutating func run(_ step: String) -> String {
        let words = step.split(separator: " ").map(String.init)
        switch words[0] {
        case "at": return advance(to: .after(Duration(parsing: words[1]) ?? .zero))
        case "ack": return String(acknowledge(UInt64(words[1]) ?? 0, participant: words[2]))
        case "resume": return String(flow.resume(under: choreography))
        case "close": return String(flow.close())
        case "phase": return phase
        default:
            let event = Flow.Event(
                id: UInt64(words[0]) ?? 0, type: choreography.event(named: words[1]) ?? 99,
                cause: words.count > 3 ? UInt64(words[3]) : nil)
            return text(of: flow.take(event, at: now, under: choreography))
        }
    }

    private mutating func advance(to now: Instant) -> String {
        self.now = now
        var happened: [String] = []
        while let expiry = flow.advance(to: now, under: choreography) {
            happened.append("\(choreography.events[expiry.event.type].name): \(text(of: expiry.reaction))")
        }
        return happened.joined(separator: "; ")
    }

    private mutating func acknowledge(_ event: UInt64, participant: String) -> Bool {
        let policies = choreography.policies.indices.filter { choreography.policies[$0].participant == participant }
        let asked = flow.unacknowledged(under: choreography)
        guard let action = asked.first(where: { $0.event == event && policies.contains($0.policy) }) else {
            return false
        }
        return flow.acknowledge(action, under: choreography)
    }

    private var phase: String {
        switch flow.phase(under: choreography) {
        case .notStarted: "not started"
        case .running(let waitingFor): "waits for \(names(waitingFor))"
        case .ended(let ending): "\(ending)"
        case .parked(let parking): "\(parking)"
        }
    }

    func text(of reaction: Flow.Reaction) -> String {
        switch reaction {
        case .act(let actions): names(actions.policies)
        case .ended(let ending): "\(ending)"
        case .parked(let parking): "\(parking)"
        case .ignored(let reason): "\(reason)"
        }
    }

    private func names(_ policies: PolicySet) -> String {
        let names = policies.policies.map { choreography.policies[$0] }.map { "\($0.participant) \($0.action)" }
        return names.isEmpty ? "nobody" : names.joined(separator: ", ")
    }
}
