extension ProjectionRun {
    /// The sequences that are set aside, in order of their keys, and how many events each has. This is the count to look
    /// at before anything is replayed.
    public var quarantined: [QuarantinedSequence] { quarantine.rows.map(\.sequence) }

    /// How many events are set aside altogether.
    public var letters: Int { quarantine.letters }

    /// Has a sequence that was set aside dealt with again, in order, until it is done or an event fails again. Meanwhile
    /// new events of it are set aside behind the others, and batches and replays take turns.
    /// - Returns: how many events that will be, as far as is known now; zero if the sequence is not set aside.
    @discardableResult
    public mutating func replay(_ sequence: SequenceKey) -> Int {
        quarantine.replay(replayLimit, of: sequence)
    }

    /// Has all sequences that were set aside dealt with again, one after another.
    /// - Returns: how many events that will be, as far as is known now.
    @discardableResult
    public mutating func replayAll() -> Int {
        quarantine.replayAll(replayLimit)
        return quarantine.letters
    }

    /// Twice as many as a batch can bring, so that a sequence that goes on growing meanwhile is done in the end.
    private var replayLimit: Int { settings.batchSize * 2 }
}
