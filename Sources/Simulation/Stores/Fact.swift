import EventSourcing
import Orders
import Timeline

/// What an event in a store says: which step was taken, and for whom.
struct Fact: Sendable {
    let kind: CommandPlan.Kind
    /// The request that it was decided for.
    let request: UInt64
    /// The saga that the request belongs to.
    let saga: SagaRef
    /// The operation that decided it.
    let operation: UInt16
    /// Cents that it is about.
    let amount: Int64
    /// Whether it takes back what has not happened: nothing is booked, and what it takes back is refused from now on.
    var isVoid = false
    /// Whether another event was appended to its stream in ignorance of it, and some node knows that.
    var isConcurrent = false
    /// Whether such an event has taken its effect from it.
    var isOverruled = false
    /// The latest request that there was when it was written.
    var latestRequest: UInt64 = 0
    /// The schema that it is written in.
    let schema: UInt8
    /// The journal entry that made it happen, and once it counts the one that says so.
    var cause: EntryID
}

/// All facts of a store, numbered from 0: events know them by number.
struct FactTable: Sendable {
    private var facts = SegmentedArray<Fact>(segment: 1_024)

    subscript(number: UInt64) -> Fact {
        get { facts[Int(number)] }
        set { facts[Int(number)] = newValue }
    }

    /// Adds a fact; returns its number.
    mutating func add(_ fact: Fact) -> UInt64 {
        facts.append(fact)
        return UInt64(facts.count - 1)
    }
}

/// The state of an aggregate, as far as its decisions go.
struct AggregateState: Hashable, Sendable {
    private(set) var order = OrderLife()
    private(set) var payment = PaymentLife()
    /// How many events have made it.
    private(set) var events = 0

    /// Whether a command can be carried out.
    func answer(to command: CommandPlan.Kind) -> OrderLife.Answer {
        switch command {
        case .order(let step): order.answer(to: step)
        case .payment(let step): payment.answer(to: step)
        case .record: .happens
        }
    }

    /// Whether there is nothing that an undo would take back.
    func hasNothing(toUndoBy command: CommandPlan.Kind) -> Bool {
        switch command {
        case .order: order.status == .none
        case .payment: payment.status != .processed
        case .record: events == 0
        }
    }

    /// An event has happened, perhaps in ignorance of others that stand before it. False if it cannot have: it changes
    /// nothing.
    mutating func admit(_ fact: Fact) -> Bool {
        guard fact.isVoid || answer(to: fact.kind) == .happens else { return false }
        evolve(fact.kind)
        return true
    }

    /// An event has happened.
    mutating func evolve(_ kind: CommandPlan.Kind) {
        events += 1
        switch kind {
        case .order(let step): order.take(step)
        case .payment(let step): payment.take(step)
        case .record: break
        }
    }
}
