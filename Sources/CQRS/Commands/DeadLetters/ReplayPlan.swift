public import Timeline

/// Which dead letters are to be tried again: how many that are is known before the first one is.
///
/// A plan ends with the letters that were there when it was made. It tries each of them at most once: a sequence stops
/// at the first that fails.
public struct ReplayPlan: Hashable, Sendable {
    /// The sequences whose first letters have the same kind of cause.
    public struct Group: Hashable, Sendable {
        /// The cause's kind; nil for first letters that were only held back.
        public let kind: String?
        /// How many sequences that are.
        public internal(set) var sequences: Int
        /// How many letters these have together.
        public internal(set) var letters: Int
    }

    /// What will be tried, grouped by the cause of each sequence's first letter, in the order of the kinds.
    public let groups: [Group]
    /// How many letters will be tried if none fails.
    public let letters: Int
    /// How many have been tried.
    public internal(set) var tried = 0

    var entries: [Entry]
    /// The first entry that is not done; all before it are.
    var firstOpen = 0

    /// A sequence, and which of its letters belong to the plan.
    struct Entry: Hashable, Sendable {
        let sequence: String
        let lastNumber: UInt64
        /// The letter that was tried last.
        var tried: UInt64 = 0
        var isDone = false
    }

    /// What is next in a plan.
    public enum Step: Hashable, Sendable {
        /// This letter: end the attempt with ``DeadLetterQueue/finish(_:_:at:)``, then ask again.
        case attempt(DeadLetterQueue.Claim)
        /// Nothing yet: attempts at the first letters of all that is left are under way.
        case busy
        /// Nothing more.
        case finished
    }
}

extension DeadLetterQueue {
    /// Plans to try letters again: all of each sequence whose first letter is wanted.
    public func replayPlan(where isWanted: (DeadLetter) -> Bool = { _ in true }) -> ReplayPlan {
        let wanted = firstLetters.filter(isWanted)
        var groups: [ReplayPlan.Group] = []
        var entries: [ReplayPlan.Entry] = []
        for first in wanted {
            let letters = count(of: first.sequence)
            let last = sequences[first.sequence]?.letters.last?.number ?? first.number
            entries.append(ReplayPlan.Entry(sequence: first.sequence, lastNumber: last))
            if let index = groups.firstIndex(where: { $0.kind == first.cause?.kind }) {
                groups[index].sequences += 1
                groups[index].letters += letters
            } else {
                groups.append(ReplayPlan.Group(kind: first.cause?.kind, sequences: 1, letters: letters))
            }
        }
        groups.sort { ($0.kind ?? "") < ($1.kind ?? "") }
        return ReplayPlan(groups: groups, letters: groups.reduce(0) { $0 + $1.letters }, entries: entries)
    }

    /// Begins an attempt at the next letter of a plan.
    ///
    /// Several workers may take steps of one plan: they get letters of different sequences. An attempt that is given up
    /// counts as failed: the letter stays, and is not tried again by this plan.
    public mutating func next(in plan: inout ReplayPlan, at now: Instant) -> ReplayPlan.Step {
        var isBusy = false
        for index in plan.entries.indices[plan.firstOpen...] where !plan.entries[index].isDone {
            let entry = plan.entries[index]
            let first = sequences[entry.sequence]?.letters.first?.number
            if let first, first <= entry.lastNumber, isClaimed(entry.sequence, at: now) {
                isBusy = true
                continue
            }
            guard let first, first <= entry.lastNumber, first != entry.tried,
                let claim = claim(entry.sequence, upTo: entry.lastNumber, at: now)
            else {
                plan.close(index)
                continue
            }
            plan.entries[index].tried = first
            plan.tried += 1
            return .attempt(claim)
        }
        return isBusy ? .busy : .finished
    }
}

extension ReplayPlan {
    fileprivate mutating func close(_ index: Int) {
        entries[index].isDone = true
        while firstOpen < entries.count, entries[firstOpen].isDone { firstOpen += 1 }
    }
}
