public import EventSourcing
public import Timeline

/// What a projection sets aside, in a queue of its own that lies beside the read model and changes with it.
extension DeadLetterQueue {
    /// Sets an event of a batch aside as the batch says; nil if it is not to be. If it is refused, the whole transaction
    /// must be undone, and counts as failed.
    ///
    /// One that was to go behind others is parked also if somebody has taken those out meanwhile: then it is only held
    /// back, and the next replay takes it in.
    /// - Parameters:
    ///   - event: the event, whose stream is its sequence.
    ///   - treatment: what becomes of it.
    ///   - detail: why it failed, in words.
    ///   - now: the time.
    public mutating func setAside(
        _ event: RecordedEvent, as treatment: ProjectionRun.Treatment, detail: String = "", at now: Instant
    ) -> Parking? {
        let sequence = event.stream.text
        switch treatment {
        case .apply, .skip:
            return nil
        case .quarantine(let failure, let attempts):
            let cause = DeadLetter.Cause(kind: failure.description, detail: detail)
            return park(event.event.id, of: sequence, because: cause, attempts: attempts, at: now)
        case .setAside:
            if let parking = parkBehind(event.event.id, of: sequence, at: now) { return parking }
            return park(event.event.id, of: sequence, because: .heldBack, attempts: 0, at: now)
        }
    }

    /// What a run has to know of what is set aside; see ``ProjectionRun/Loaded``.
    /// - Parameters:
    ///   - segment: the run's.
    ///   - position: where a letter's event stands in the log; a sequence of which it is nil is left out.
    public func quarantined(
        in segment: Segment = .root, position: (DeadLetter) -> Position?
    ) -> [QuarantinedSequence] {
        firstLetters.compactMap { letter in
            let sequence = SequenceKey(name: letter.sequence)
            guard segment.contains(sequence), let head = position(letter) else { return nil }
            return QuarantinedSequence(sequence: sequence, head: head, letters: count(of: letter.sequence))
        }
    }

    /// The name of a sequence that is parked; nil if none with this key is. The cost grows with the sequences.
    public func name(of sequence: SequenceKey) -> String? {
        firstLetters.first { SequenceKey(name: $0.sequence) == sequence }?.sequence
    }
}

extension DeadLetter.Cause {
    /// Nothing of its own: what it waited behind is gone.
    fileprivate static let heldBack = DeadLetter.Cause(kind: "held back")
}

extension QuarantineLimits {
    /// As much as a queue takes.
    public init(_ settings: DeadLetterQueue.Settings) {
        self.init(sequences: settings.sequences, lettersEach: settings.sequenceLength)
    }
}
