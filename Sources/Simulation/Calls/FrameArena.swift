import Timeline

/// The calls under way, each at an index that stays the same as long as it lives.
struct FrameArena: Sendable {
    /// How many frames can be in use at once.
    static let capacity = 1 << 22

    private var frames: [Frame] = []
    private var firstFree = UInt32.max
    private(set) var live = 0

    var hasRoom: Bool { live < Self.capacity }

    subscript(index: UInt32) -> Frame {
        _read { yield frames[Int(index)] }
        _modify { yield &frames[Int(index)] }
    }

    /// The frame, if it still has the life that is meant.
    func isAlive(_ id: FrameID) -> Bool {
        frames[Int(id.index)].generation == id.generation
    }

    func id(of index: UInt32) -> FrameID {
        FrameID(index: index, generation: frames[Int(index)].generation)
    }

    /// Takes a frame into use.
    mutating func take(_ frame: Frame) -> UInt32 {
        live += 1
        guard firstFree != .max else {
            frames.append(frame)
            return UInt32(frames.count - 1)
        }
        let index = firstFree
        firstFree = frames[Int(index)].nextFree
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
        frames[Int(index)].nextFree = firstFree
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
        }
    }
}
