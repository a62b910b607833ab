/// A write on its way through the steps of its plan, with what becomes of them.
///
/// - A level that cannot be updated is invalidated; one that cannot be invalidated either *disagrees*: it may hold an
///   older value, and has to be invalidated before it is read again.
/// - A store or queue that does not take the write ends it: no level is touched. If nobody knows whether it did, every
///   level is invalidated, so that the next reader asks the store.
/// - A write that the queue took and the store never got leaves every level again.
public struct WriteRun: Hashable, Sendable {
    /// What the caller is told.
    public enum Answer: Hashable, Sendable {
        /// The write is made, as far as its plan's consistency asks.
        case made
        /// It is made, but these levels may hold an older value.
        case partlyMade(disagreeing: [Int])
        /// The store does not have it, or nobody knows (``WriteFailure/timedOut``); levels that may hold another value
        /// than the store are named.
        case failed(WriteFailure, disagreeing: [Int])
    }

    private var steps: [WriteStep]
    private let stepsBeforeAnswer: Int
    private let levels: Int
    /// How many steps are done with, well or badly.
    public private(set) var stepsTaken = 0
    /// The levels that may hold another value than was written, in the order in which that came out.
    public private(set) var disagreeing: [Int] = []
    /// Why the write failed; nil if it has not.
    public private(set) var failure: WriteFailure?

    /// A write of which no step is taken yet.
    public init(_ plan: WritePlan) {
        steps = plan.steps
        stepsBeforeAnswer = plan.stepsBeforeAnswer
        levels = plan.steps.count { if case .level = $0 { true } else { false } }
    }

    /// The step to take now; nil if there is none left.
    public var next: WriteStep? { stepsTaken < steps.count ? steps[stepsTaken] : nil }

    /// What the caller can be told; nil as long as it has to wait. It may get worse after an answer that did not wait for
    /// all steps, and is final when there is no next step.
    public var answer: Answer? {
        if let failure { return next == nil ? .failed(failure, disagreeing: disagreeing) : nil }
        guard stepsTaken >= stepsBeforeAnswer else { return nil }
        return disagreeing.isEmpty ? .made : .partlyMade(disagreeing: disagreeing)
    }

    /// Takes in what became of ``next``; nothing happens if there is none.
    public mutating func finish(_ outcome: WriteOutcome) {
        switch (next, outcome) {
        case (nil, _): return
        case (_, .done): stepsTaken += 1
        case (.level(let level, .update), .failed): steps[stepsTaken] = .level(level, .invalidate)
        case (.level(let level, .invalidate), .failed):
            if !disagreeing.contains(level) { disagreeing.append(level) }
            stepsTaken += 1
        case (.store, .failed(let failure)), (.enqueue, .failed(let failure)):
            fail(failure, undoing: failure == .timedOut)
        case (.awaitFlush, .failed(let failure)): fail(failure, undoing: true)
        }
    }

    /// The write has failed; all levels lose the key if they may differ from the store.
    private mutating func fail(_ failure: WriteFailure, undoing: Bool) {
        self.failure = failure
        disagreeing = []
        stepsTaken += 1
        steps.removeSubrange(stepsTaken...)
        guard undoing else { return }
        for level in (0..<levels).reversed() { steps.append(.level(level, .invalidate)) }
    }
}
