import Timeline

/// Copies of the world to turn time back to, within a memory budget.
///
/// When the budget is used up, the keyframe goes that leaves the smallest gap, as long as that gap is within
/// ``largestGap``; otherwise the oldest goes. The world at the beginning always stays, so every instant can be
/// reached, if need be by a longer replay.
struct Keyframes: Sendable {
    struct Keyframe: Sendable {
        let world: World
        let bytes: Int
        var time: Instant { world.port.now }
        var executed: UInt64 { world.port.executed }
    }

    /// How many events may lie between two keyframes.
    static let largestGap: UInt64 = 250_000

    let budget: Int
    private(set) var frames: [Keyframe]

    /// The keyframes of a run that starts with this world; a budget in bytes.
    init(start: World, budget: Int) {
        self.budget = budget
        frames = [Keyframe(world: start, bytes: start.footprint)]
    }

    var latest: Keyframe { frames[frames.count - 1] }

    var bytes: Int { frames.reduce(0) { $0 + $1.bytes } }

    /// Keeps a copy of the world as it is now.
    mutating func keep(_ world: World) {
        frames.append(Keyframe(world: world, bytes: world.footprint))
        while bytes > budget, frames.count > 2 { dropOne() }
    }

    /// The latest keyframe of which a condition holds; the first of all if there is none. The condition must
    /// hold for no keyframe after one for which it does not.
    func latest(where condition: (Keyframe) -> Bool) -> Keyframe {
        frames.last(where: condition) ?? frames[0]
    }

    /// Forgets the keyframes after a moment of the run.
    mutating func truncate(to executed: UInt64, _ time: Instant) {
        while frames.count > 1, latest.executed > executed || latest.time > time { frames.removeLast() }
    }

    private mutating func dropOne() {
        let gaps = (1..<(frames.count - 1)).map { frames[$0 + 1].executed - frames[$0 - 1].executed }
        guard let smallest = gaps.min(), smallest <= Self.largestGap,
            let index = gaps.firstIndex(of: smallest)
        else {
            frames.remove(at: 1)
            return
        }
        frames.remove(at: index + 1)
    }
}
