import Sagas

/// Services that honour idempotency keys as ``Saga/IdempotencyKey`` asks, one key for each step.
struct FakeServices {
    /// What a service remembers under a key.
    enum Memory {
        case nothing
        case done
        /// Taken back, or an undo came first: a call is refused from now on.
        case undone
    }

    private var memories = [Memory](repeating: .nothing, count: SagaDefinition.maximumSteps)

    /// Executes a call; returns whether it counts as done.
    mutating func call(_ step: Int) -> Bool {
        switch memories[step] {
        case .nothing, .done:
            memories[step] = .done
            return true
        case .undone:
            return false
        }
    }

    mutating func undo(_ step: Int) {
        memories[step] = .undone
    }

    func isDone(_ step: Int) -> Bool {
        switch memories[step] {
        case .done: true
        case .nothing, .undone: false
        }
    }
}
