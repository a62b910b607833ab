import Timeline

/// What the services remember by idempotency key, so that a step happens once however often it is asked for.
///
/// A key is a saga and one of its steps. The undo of a step that has not happened leaves a mark, and a late
/// first call that finds the mark is refused: otherwise it would be done after its undo, for ever. The records
/// outlive a crash of the service, as they do in a real one that writes them with its data, and are dropped when
/// the saga has ended and no call of it is left.
struct Idempotency: Sendable {
    /// What to do with a call.
    enum Decision {
        /// Do it.
        case perform
        /// Say again what was said the first time: it is done, or there is nothing to undo.
        case repeatAnswer
        /// Refuse it: the undo came first.
        case refuse
    }

    /// One saga's steps, or one flow's policies, as bits.
    private struct Record: Sendable {
        var done: UInt32 = 0
        var undone: UInt32 = 0
    }

    private var records = SagaTable(blank: Record())

    /// What to do with a call as the records stand; one without a key is always performed.
    func decision(on errand: Errand) -> Decision {
        let record = records[errand.saga]
        let bit = Self.bit(of: errand)
        let (isDone, isUndone) = (record.done & bit != 0, record.undone & bit != 0)
        return switch errand.kind {
        case .none, .detour: .perform
        case .act: isUndone ? .refuse : isDone ? .repeatAnswer : .perform
        case .undo: isDone && !isUndone ? .perform : .repeatAnswer
        }
    }

    /// A call is about to happen: decides, and writes it down.
    mutating func enter(_ errand: Errand) -> Decision {
        let decision = decision(on: errand)
        switch errand.kind {
        case .none, .detour:
            break
        case .act:
            if decision == .perform { records[errand.saga].done |= Self.bit(of: errand) }
        case .undo:
            records[errand.saga].undone |= Self.bit(of: errand)
        }
        return decision
    }

    /// A call that was about to happen has not.
    mutating func takeBack(_ errand: Errand) {
        guard errand.kind == .act else { return }
        records[errand.saga].done &= ~Self.bit(of: errand)
    }

    /// Refuses a call for ever, since it will count as not done; false if it has happened.
    mutating func void(_ errand: Errand) -> Bool {
        guard decision(on: errand) != .repeatAnswer else { return false }
        records[errand.saga].undone |= Self.bit(of: errand)
        return true
    }

    /// A saga runs another one again, and knows what the first steps of that one have done.
    mutating func copy(from saga: SagaRef, to other: SagaRef, steps: Int) {
        let mask = UInt32(truncatingIfNeeded: (1 << max(0, min(32, steps))) - 1)
        let record = records[saga]
        records[other] = Record(done: record.done & mask, undone: record.undone & mask)
    }

    /// Nobody will ask for this saga again.
    mutating func forget(_ saga: SagaRef) { records[saga] = Record() }

    private static func bit(of errand: Errand) -> UInt32 { 1 << UInt32(errand.step & 31) }
}

extension Idempotency {
    func mix(into digest: inout Digest) {
        records.forEach { digest.mix(UInt64($0.done) << 32 | UInt64($0.undone)) }
    }
}
