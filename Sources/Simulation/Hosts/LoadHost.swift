import Bulkheads
import Timeline

/// The chapter of those who call from outside.
struct LoadHost: Sendable {
    private struct Load {
        var target: LoadPlan.Target
        var keys: KeyLaw
        var amount: AmountLaw
        var think: Distribution
        var stages: Range<Int>
        var isPoisson: Bool
        var isClosed = false
        var burst: Burst?
        var tenant: UInt16
        var priority: ThreadPool.Priority
        var users: UInt32
        var usersPresent: UInt32 = 0
        var timer = Agenda.TimerID.none
        var arrivals: RandomStream
        var keyDraws: RandomStream
        var amounts: RandomStream
        var routeDraws: RandomStream
        /// How many requests it has made.
        var drawn: UInt64 = 0

        mutating func draw() -> Request {
            defer { drawn += 1 }
            let (target, form) = drawTarget()
            return Request(
                target: target, form: form, key: keys.sample(after: drawn, using: &keyDraws),
                amount: amount.sample(using: &amounts))
        }

        /// What a request does and, if a route is called, which of the load's kinds of requests it is, from 1.
        private mutating func drawTarget() -> (LoadPlan.Target, form: UInt8) {
            guard case .routes(let edge, let shares) = target else { return (target, 0) }
            var left = routeDraws.uniform()
            let index = shares.firstIndex { share in
                left -= share.share
                return left < 0
            }
            // Shares may fall short of 1 by what rounding takes.
            let choice = index ?? shares.count - 1
            return (.call(CallPlan(edge: edge, operation: shares[choice].operation)), UInt8(choice + 1))
        }
    }

    /// Requests that all come at one moment.
    private struct Burst {
        var count: Int
        var at: Instant
    }

    /// A request that is about to be made.
    struct Request {
        var target: LoadPlan.Target
        var form: UInt8
        var key: UInt32
        var amount: Int64
    }

    /// A user who does not think, and is refused at once, must not stop the clock.
    private static let shortestPause = Duration.microseconds(1)

    private var loads: [Load] = []
    private var stages: [RateStage] = []
    private var isStopped = false

    init(plan: Plan) {
        loads = plan.loads.map { load in
            func stream(_ purpose: String) -> RandomStream {
                RandomStream(seed: plan.seed, name: load.name, purpose: purpose)
            }
            return Load(
                target: load.target, keys: load.keys, amount: load.amount, think: .constant(.zero), stages: 0..<0,
                isPoisson: true, tenant: UInt16(load.tenant), priority: load.priority, users: 0,
                arrivals: stream("arrivals"), keyDraws: stream("keys"),
                amounts: stream("amounts"), routeDraws: stream("routes"))
        }
        adopt(plan.loads)
    }

    /// Takes over rates, numbers of users, keys and amounts.
    private mutating func adopt(_ plans: [LoadPlan]) {
        stages = []
        for (index, plan) in plans.enumerated() {
            loads[index].target = plan.target
            loads[index].keys = plan.keys
            loads[index].amount = plan.amount
            switch plan.arrivals {
            case .open(let process, let planned):
                loads[index].isPoisson = process == .poisson
                loads[index].stages = stages.count..<(stages.count + planned.count)
                stages += planned
            case .burst(let count, let moment):
                loads[index].burst = Burst(count: count, at: moment)
            case .closed(let users, let think):
                loads[index].isClosed = true
                loads[index].users = UInt32(clamping: users)
                loads[index].think = think
            }
        }
    }

    /// Lets every load begin.
    mutating func start(_ port: inout Port) {
        for (index, load) in loads.enumerated() {
            scheduleArrival(of: index, &port)
            admitUsers(to: index, &port)
            guard let burst = load.burst else { continue }
            for _ in 0..<burst.count { port.agenda.schedule(.arrives(UInt32(index)), at: burst.at) }
        }
    }

    /// For whom the requests of a load are made.
    func tenant(ofLoad load: UInt16) -> UInt16 { loads[Int(load)].tenant }

    /// How urgent the requests of a load are.
    func priority(ofLoad load: UInt16) -> ThreadPool.Priority { loads[Int(load)].priority }

    /// Takes over a changed plan. The wait for the next arrival is drawn anew where the rates have changed.
    mutating func change(to plan: Plan, _ port: inout Port) {
        let before = loads.map { (rates: Array(stages[$0.stages]), isPoisson: $0.isPoisson) }
        adopt(plan.loads)
        guard !isStopped else { return }
        for (index, load) in loads.enumerated() {
            if Array(stages[load.stages]) != before[index].rates || load.isPoisson != before[index].isPoisson {
                port.cancel(&loads[index].timer)
                scheduleArrival(of: index, &port)
            }
            admitUsers(to: index, &port)
        }
    }

    /// Nobody comes any more.
    mutating func stop(_ port: inout Port) {
        isStopped = true
        for index in loads.indices { port.cancel(&loads[index].timer) }
    }

    /// The moment of an arrival has come, and of the next one is drawn; nil if nobody comes any more.
    mutating func arrive(_ load: UInt32, _ port: inout Port) -> Request? {
        guard !isStopped else { return nil }
        loads[Int(load)].timer = .none
        scheduleArrival(of: Int(load), &port)
        return loads[Int(load)].draw()
    }

    /// A user has thought enough; nil if it leaves.
    mutating func endThinking(_ load: UInt32) -> Request? {
        guard !isStopped, loads[Int(load)].usersPresent <= loads[Int(load)].users else {
            loads[Int(load)].usersPresent -= 1
            return nil
        }
        return loads[Int(load)].draw()
    }

    /// A request has been answered: its user, if it has one, begins to think.
    mutating func answered(_ load: UInt32, _ port: inout Port) {
        guard loads[Int(load)].isClosed else { return }
        think(Int(load), &port)
    }

    private mutating func scheduleArrival(of index: Int, _ port: inout Port) {
        guard !loads[index].stages.isEmpty else { return }
        let need = loads[index].isPoisson ? -ElementaryFunctions.log(loads[index].arrivals.positiveUniform()) : 1
        let wait = Arrivals.wait(need: need, from: port.now, stages: stages, in: loads[index].stages)
        guard let wait else { return }
        loads[index].timer = port.schedule(after: wait, .arrives(UInt32(index)))
    }

    /// Lets further users in until there are as many as there should be; surplus ones leave after their turn.
    private mutating func admitUsers(to index: Int, _ port: inout Port) {
        while loads[index].usersPresent < loads[index].users {
            loads[index].usersPresent += 1
            think(index, &port)
        }
    }

    private mutating func think(_ index: Int, _ port: inout Port) {
        let pause = max(Self.shortestPause, loads[index].think.sample(using: &loads[index].arrivals))
        port.schedule(after: pause, .thought(UInt32(index)))
    }
}

extension LoadHost {
    func mix(into digest: inout Digest) {
        for var load in loads {
            digest.mix(UInt64(load.usersPresent), load.arrivals.next())
            digest.mix(load.keyDraws.next(), load.amounts.next())
            digest.mix(load.routeDraws.next())
        }
        digest.mix(isStopped ? 1 : 0)
    }
}
