import Resilience
import Timeline

/// A request on its way through a proxy.
struct ProxiedCall: Sendable {
    /// As it is sent, the fields of the backend apart.
    let request: Request
    let hash: UInt64
    let deadline: Deadline
    var retry: RetryState
    var permit: RetryBudget.Permit?
    var attempts = 0
    /// Those that it was sent to, each once.
    var tried: [BackendID] = []
    /// Where it was sent last.
    var last: BackendID?
    var address: String?
    /// What the last attempt came to; nil before the first has ended.
    var came: AttemptEnd?
    var phase = Phase.choosing
    /// Whether a backend has refused to do it so early (425).
    var waitsForHandshake = false
    /// Whether the client has got something of an answer.
    var isResponding = false

    enum Phase: Sendable {
        case choosing
        case sent(Sent)
        case waits(until: Instant)
    }

    /// The attempt that is under way.
    struct Sent: Sendable {
        var backend: BackendID
        var permit: CircuitBreaker.Permit?
        var at: Instant
        var bound: TimeLimit.Bound
        var connection: Connections.Choice
    }

    init(_ request: Request, hash: UInt64, deadline: Deadline, at now: Instant) {
        self.request = request
        self.hash = hash
        self.deadline = deadline
        retry = RetryState(startedAt: now)
    }

    var sent: Sent? {
        if case .sent(let sent) = phase { sent } else { nil }
    }

    mutating func sends(_ sent: Sent, to address: String) {
        phase = .sent(sent)
        attempts += 1
        last = sent.backend
        self.address = address
        if !tried.contains(sent.backend) { tried.append(sent.backend) }
    }
}

/// The requests on their way through a proxy. A place is used again under another turn, so that what is told of a request
/// that is over meets nobody.
struct ProxiedCalls: Sendable {
    private struct Place: Sendable {
        var turn: UInt32 = 0
        var call: ProxiedCall?
    }

    private var places: [Place] = []
    private var free: [Int] = []

    var count: Int { places.count - free.count }

    mutating func add(_ call: ProxiedCall) -> CallID {
        if free.isEmpty {
            places.append(Place())
            free.append(places.count - 1)
        }
        let place = free.removeLast()
        places[place].turn &+= 1
        places[place].call = call
        return CallID(place: place, turn: places[place].turn)
    }

    /// The request, for as long as it is on its way.
    subscript(id: CallID) -> ProxiedCall? {
        _read {
            if places.indices.contains(id.place), places[id.place].turn == id.turn {
                yield places[id.place].call
            } else {
                yield nil
            }
        }
    }

    /// Changes a request that is on its way.
    mutating func change(_ id: CallID, _ change: (inout ProxiedCall) -> Void) {
        guard var call = self[id] else { return }
        places[id.place].call = nil
        change(&call)
        places[id.place].call = call
    }

    mutating func remove(_ id: CallID) -> ProxiedCall? {
        guard let call = self[id] else { return nil }
        places[id.place].call = nil
        free.append(id.place)
        return call
    }
}
