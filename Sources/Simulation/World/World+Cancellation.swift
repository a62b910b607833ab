import Bulkheads
import Resilience
import Timeline

// What becomes of a call whose caller has gone, on edges that hand cancellations on.

extension World {
    /// Ends a call wherever it is, with the calls that it has made; whatever it holds is free at once.
    mutating func cancel(_ index: UInt32, cause: EntryID) {
        frames[index].cause = cause
        note(index, .cancelled, .itself)
        endLoad(index, isOK: false)
        let id = frames.id(of: index)
        frames.disown(index)
        stop(id)
        let frame = frames[index]
        leaveGuards(index)
        if frame.firstStage == 0, frame.isCounted {
            meters.end(operation: frame.operation, .failed(.cancelled), took: port.now - frame.startedAt)
        }
        if frame.isProbe { balancers.probesUnderWay -= 1 }
        release(index)
    }

    /// Takes a call out of whatever it is waiting for or working on.
    private mutating func stop(_ id: FrameID) {
        let index = id.index
        port.cancel(&frames[index].timer)
        let frame = frames[index]
        switch frame.phase {
        case .guarding, .backingOff, .crossing, .held, .unanswered, .returning:
            break
        case .waiting:
            catchUp(index)
            // It may have come to the head of the line in this very event, and then holds what it waited for.
            if forgetReady(index) { frames[index].stage += 1 } else { withdraw(index) }
        case .delayed:
            withdraw(index)
        case .watched:
            stopWatching(index)
        case .queued:
            _ = forgetReady(index)
            services.withdraw(index, ticket: frame.watched, from: services.station(of: frame))
            port.touched.insert(.queues)
        case .working, .hung, .appending, .awaiting:
            releaseWorkerIfHeld(index)
        case .joining:
            leaveSeat(index)
            releaseWorkerIfHeld(index)
        case .stuck:
            services.comesUnstuck(services.station(of: frame))
            releaseWorkerIfHeld(index)
        case .fallingBack:
            cancelChild(of: id)
            endFallback(index, .ignored)
        case .calling:
            cancelChild(of: id)
            releaseWorkerIfHeld(index)
        }
    }

    /// What is due by now at the guard that a call waits at comes before its withdrawal, and may end its wait.
    private mutating func catchUp(_ index: UInt32) {
        guard case .connections? = edges.guardRef(frames[index].edge, frames[index].stage) else { return }
        connections.catchUp(frame: index, token: frames.token(of: index, at: frames[index].stage), &port)
    }

    /// Withdraws the call that a frame has made, where its edge hands that on.
    private mutating func cancelChild(of parent: FrameID) {
        let child = frames[parent.index].watched
        guard frames[child].owner == .frame(parent), edges.passesCancellation(frames[child].edge) else { return }
        cancel(child, cause: frames[parent.index].cause)
    }

    /// Withdraws the attempts that a frame watches.
    private mutating func stopWatching(_ outer: UInt32) {
        if case .hedge? = edges.guardRef(frames[outer].edge, frames[outer].stage) {
            end(outer, frames.token(of: outer, at: frames[outer].stage))
        } else {
            cancel(frames[outer].watched, cause: frames[outer].cause)
        }
    }

    /// Gives back what the guards of a frame gave it; its end says nothing about the service.
    private mutating func leaveGuards(_ index: UInt32) {
        let frame = frames[index]
        for stage in (frame.firstStage..<frame.stage).reversed() {
            var token = frames.token(of: index, at: stage)
            switch edges.guardRef(frame.edge, stage) {
            case .breaker(let breaker):
                breakers.tell(
                    Int(breaker), part: part(of: Int(breaker), frame), .failed(.cancelled), took: .zero, token: token,
                    request: frame.request, cause: frame.cause, &port)
            case .bulkhead(let pool): bulkheads.tell(Int(pool), .forNobody, token: token, &port)
            case .semaphore(let semaphore): semaphores.tell(Int(semaphore), forNobody: true, &port)
            case .retry(let retry):
                retries.abandon(Int(retry), token: &token)
                frames.keep(token, for: index, at: stage)
            case .balancer(let balancer):
                balancers.tell(
                    Int(balancer), replica: Int(frame.replica), .failed(.cancelled), took: .zero,
                    request: frame.request, cause: frame.cause, &port)
            case .connections:
                _ = connections.giveBack(
                    token: token, broken: true, forNobody: true, request: frame.request, cause: frame.cause, &port)
            case .memory(let memory):
                memories.tell(Int(memory), token: token, request: frame.request, cause: frame.cause, &port)
            case .limiter(let limiter):
                limiters.tell(
                    Int(limiter), part: part(of: Int(limiter), limiting: frame), .failed(.cancelled), token: token,
                    at: port.now)
            case .concurrency(let limit):
                concurrencies.tell(
                    Int(limit), .failed(.cancelled), token: token, request: frame.request, cause: frame.cause, &port)
            case .isolator(let isolator): abandonCompartment(index, Int(isolator), stage)
            case .fallback, .throttle, .hedge, .timeout, nil: break
            }
        }
    }

    /// Takes a call out of the line at its guard.
    mutating func withdraw(_ index: UInt32) {
        let stage = frames[index].stage
        let token = frames.token(of: index, at: stage)
        switch edges.guardRef(frames[index].edge, stage) {
        case .bulkhead(let pool):
            bulkheads.withdraw(Int(pool), frame: index, ticket: token, &port)
        case .semaphore(let semaphore):
            semaphores.withdraw(Int(semaphore), frame: index, ticket: token, &port)
        case .connections:
            connections.withdraw(frame: index, token: token, &port)
        case .limiter(let limiter):
            limiters.withdraw(
                Int(limiter), part: part(of: Int(limiter), limiting: frames[index]), token: token, at: port.now)
        case .isolator(let isolator):
            isolators.withdraw(Int(isolator), isolated(index), token: token, &port)
        case .balancer, .breaker, .concurrency, .fallback, .hedge, .memory, .retry, .throttle, .timeout, nil: break
        }
    }
}
