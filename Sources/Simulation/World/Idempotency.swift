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

    /// Whether a call is answered from the records, so that it has no reason to make calls of its own first.
    func hasAnswer(to errand: Errand) -> Bool {
        let bit = 1 << UInt16(errand.step & 15)
        let record = Int(errand.saga) < records.count ? records[Int(errand.saga)] : Record()
        return switch errand.kind {
        case .act: (record.done | record.undone) & UInt16(bit) != 0
        case .undo: record.done & ~record.undone & UInt16(bit) == 0
        case .none, .detour: false
        }
    }

    /// The step is about to happen.
    mutating func act(saga: UInt32, step: UInt8) -> Decision {
        let bit = makeRoom(saga: saga, step: step)
        if records[Int(saga)].undone & bit != 0 { return .refuse }
        if records[Int(saga)].done & bit != 0 { return .repeatAnswer }
        records[Int(saga)].done |= bit
        return .perform
    }

    /// The step's undo is about to happen.
    mutating func undo(saga: UInt32, step: UInt8) -> Decision {
        let bit = makeRoom(saga: saga, step: step)
        let record = records[Int(saga)]
        records[Int(saga)].undone |= bit
        return record.undone & bit == 0 && record.done & bit != 0 ? .perform : .repeatAnswer
    }

    /// Nobody will ask for this saga again.
    mutating func forget(saga: UInt32) {
        if Int(saga) < records.count { records[Int(saga)] = Record() }
    }

    private mutating func makeRoom(saga: UInt32, step: UInt8) -> UInt16 {
        while records.count <= Int(saga) { records.append(Record()) }
        return 1 << UInt16(step & 15)
    }
}

extension Idempotency {
    func mix(into digest: inout Digest) {
        for record in records { digest.mix(UInt64(record.done) << 16 | UInt64(record.undone)) }
    }
}
