/// What operations do after their own work: the calls that they make, and what they book.
struct ScriptTable: Sendable {
    private struct Script {
        var firstCall: UInt32
        var callCount: UInt8
        var account: Int16
        var usesCache: Bool
        var isIdempotent: Bool
        var writing: KeyWriting
    }

    private var scripts: [Script] = []
    private var calls: [CallPlan] = []

    init(plan: Plan) {
        for operation in plan.operations {
            scripts.append(
                Script(
                    firstCall: UInt32(calls.count), callCount: UInt8(clamping: operation.calls.count),
                    account: Int16(operation.books ?? -1),
                    usesCache: operation.usesCache && plan.services[operation.service].cache != nil,
                    isIdempotent: operation.isIdempotent, writing: operation.writing))
            calls += operation.calls
        }
    }

    /// The call that an operation makes at a place of its script, or nil behind the last.
    func call(_ operation: UInt16, _ index: UInt8) -> CallPlan? {
        let script = scripts[Int(operation)]
        return index < script.callCount ? calls[Int(script.firstCall) + Int(index)] : nil
    }

    /// The account that an operation books to, if it books.
    func account(_ operation: UInt16) -> Int? {
        let account = scripts[Int(operation)].account
        return account >= 0 ? Int(account) : nil
    }

    /// Whether an operation knows a call by its key when it comes again.
    func isIdempotent(_ operation: UInt16) -> Bool { scripts[Int(operation)].isIdempotent }

    /// Whether an operation reads through its service's cache: there is one, and it books and changes nothing.
    func usesCache(_ operation: UInt16) -> Bool { scripts[Int(operation)].usesCache }

    /// What an operation changes of what reads of its key see.
    func writing(_ operation: UInt16) -> KeyWriting { scripts[Int(operation)].writing }
}
