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

    /// One saga's steps, as bits.
    private struct Record {
        var done: UInt16 = 0
        var undone: UInt16 = 0
    }

    private var records: [Record] = []

    /// What to do with a call as the records stand; one without a key is always performed.
    func decision(on errand: Errand) -> Decision {
        let record = Int(errand.saga) < records.count ? records[Int(errand.saga)] : Record()
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
            makeRoom(saga: errand.saga)
            if decision == .perform { records[Int(errand.saga)].done |= Self.bit(of: errand) }
        case .undo:
            makeRoom(saga: errand.saga)
            records[Int(errand.saga)].undone |= Self.bit(of: errand)
        }
        return decision
    }

    /// A call that was about to happen has not.
    mutating func takeBack(_ errand: Errand) {
        guard errand.kind == .act, Int(errand.saga) < records.count else { return }
        records[Int(errand.saga)].done &= ~Self.bit(of: errand)
    }

    /// A saga runs another one again, and knows what the first steps of that one have done.
    mutating func copy(from saga: UInt32, to other: UInt32, steps: Int) {
        makeRoom(saga: max(saga, other))
        let mask = UInt16(truncatingIfNeeded: (1 << max(0, min(16, steps))) - 1)
        let record = records[Int(saga)]
        records[Int(other)] = Record(done: record.done & mask, undone: record.undone & mask)
    }

    /// Nobody will ask for this saga again.
    mutating func forget(saga: UInt32) {
        if Int(saga) < records.count { records[Int(saga)] = Record() }
    }

    private mutating func makeRoom(saga: UInt32) {
        while records.count <= Int(saga) { records.append(Record()) }
    }

    private static func bit(of errand: Errand) -> UInt16 { 1 << UInt16(errand.step & 15) }
}

extension Idempotency {
    func mix(into digest: inout Digest) {
        for record in records { digest.mix(UInt64(record.done) << 16 | UInt64(record.undone)) }
    }
}
