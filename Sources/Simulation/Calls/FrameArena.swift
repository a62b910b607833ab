import Timeline

/// The calls under way, each at an index that stays the same as long as it lives.
struct FrameArena: Sendable {
    /// How many frames can be in use at once.
    static let capacity = 1 << 22

    private var frames: [Frame] = []
    /// What the guards that each frame has passed gave it to remember: for each frame, a place for each guard of
    /// the longest chain. Apart from the frames, since to pick one out of a list within a frame copies the frame.
    private var tokens: [UInt32] = []
    private let longestChain: Int
    private var firstFree = UInt32.max
    private(set) var live = 0

    init(longestChain: Int) {
        self.longestChain = longestChain
    }

    var hasRoom: Bool { live < Self.capacity }

    subscript(index: UInt32) -> Frame {
        // Not lent by a coroutine: without optimisation the compiler reads the loan after it has been returned.
        get { frames[Int(index)] }
        _modify { yield &frames[Int(index)] }
    }

    /// The frame, if it still has the life that is meant.
    func isAlive(_ id: FrameID) -> Bool {
        frames[Int(id.index)].generation == id.generation
    }

    /// Whether nobody waits for the result of a call any more: a frame outside it has gone on, or its caller is over.
    ///
    /// A caller that nobody waits for still waits itself, and so does a saga.
    func isOrphan(_ frame: Frame) -> Bool {
        var (owner, isPart) = (frame.owner, frame.firstStage > 0)
        while case .frame(let id) = owner {
            guard isAlive(id) else { return true }
            guard isPart else { return false }
            (owner, isPart) = (frames[Int(id.index)].owner, frames[Int(id.index)].firstStage > 0)
        }
        return false
    }

    /// The outermost part of a call that still waits for the part that a frame is.
    func outermost(of index: UInt32) -> UInt32 {
        var index = index
        while let outer = part(outside: index) { index = outer }
        return index
    }

    /// The part of a call that watches the part that a frame is, and still waits for it; nil for the outermost.
    func part(outside index: UInt32) -> UInt32? {
        let frame = frames[Int(index)]
        guard frame.firstStage > 0, case .frame(let id) = frame.owner, isAlive(id) else { return nil }
        return id.index
    }

    func id(of index: UInt32) -> FrameID {
        FrameID(index: index, generation: frames[Int(index)].generation)
    }

    /// What the guard at a stage gave a frame that has passed it.
    func token(of index: UInt32, at stage: UInt8) -> UInt32 {
        tokens[Int(index) * longestChain + Int(stage)]
    }

    /// Keeps what the guard at a stage gives a frame.
    mutating func keep(_ token: UInt32, for index: UInt32, at stage: UInt8) {
        let place = Int(index) * longestChain + Int(stage)
        // Mostly nothing after nothing; to look is cheaper than to write.
        if tokens[place] != token { tokens[place] = token }
    }

    /// Takes a frame into use.
    mutating func take(_ frame: Frame) -> UInt32 {
        live += 1
        guard firstFree != .max else {
            frames.append(frame)
            tokens += repeatElement(0, count: longestChain)
            return UInt32(frames.count - 1)
        }
        let index = firstFree
        firstFree = frames[Int(index)].watched
        let generation = frames[Int(index)].generation
        frames[Int(index)] = frame
        frames[Int(index)].generation = generation
        return index
    }

    /// Ends a frame's life.
    mutating func free(_ index: UInt32) {
        live -= 1
        frames[Int(index)].owner = .nobody
        frames[Int(index)].generation &+= 1
        frames[Int(index)].watched = firstFree
        firstFree = index
    }

    /// Lets nobody who holds this frame's id find it any more, while it lives on.
    mutating func disown(_ index: UInt32) {
        frames[Int(index)].generation &+= 1
    }

    var slots: Int { frames.count }

    /// The indices of the frames in use that meet a condition, in order.
    func indices(where condition: (Frame) -> Bool) -> [UInt32] {
        frames.indices.filter { frames[$0].owner != .nobody && condition(frames[$0]) }.map { UInt32($0) }
    }
}

extension FrameArena {
    func mix(into digest: inout Digest) {
        for (index, frame) in frames.enumerated() where frame.owner != .nobody {
            digest.mix(UInt64(index) << 32 | UInt64(frame.generation), frame.request)
            digest.mix(UInt64(frame.operation) << 32 | UInt64(frame.stage) << 16 | UInt64(frame.phase.rawValue))
            digest.mix(
                frame.owner.code, frame.outcome.code << 16 | UInt64(frame.attempt) << 8 | UInt64(frame.flags.rawValue))
            digest.mix(UInt64(bitPattern: frame.startedAt.nanoseconds), UInt64(bitPattern: frame.attemptAt.nanoseconds))
        }
    }
}
