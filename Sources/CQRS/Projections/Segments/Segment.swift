public import Timeline

/// A part of all sequences, of which each belongs to exactly one part: those whose hash ends in certain bits.
///
/// A projection that is too slow for one worker is split into segments, each with a run and a checkpoint of its own.
/// Each sequence is in one segment, so that its events stay in order; between segments there is no order.
///
/// Why not one checkpoint for all? Workers finish out of order. A single checkpoint would have to stay below the
/// slowest of them, and after a crash the others' changes, which are in the read model, would be made again. A
/// checkpoint for each segment moves in the same transaction as that segment's changes.
///
/// Source: Axon Framework, `Segment`.
public struct Segment: Hashable, Sendable {
    /// The bits that the hash of a member ends in.
    public let id: UInt32
    /// Which bits count: ones at the end.
    public let mask: UInt32

    /// All sequences.
    public static let root = Segment(unchecked: 0, mask: 0)

    /// The longest mask there is: 31 ones.
    public static let longestMask: UInt32 = 0x7FFF_FFFF

    /// A segment.
    /// - Parameters:
    ///   - id: at most the mask.
    ///   - mask: ones at the end of the number, up to 31 of them.
    /// - Throws: a ``SettingError`` that names what is out of its range.
    public init(id: UInt32, mask: UInt32) throws(SettingError) {
        guard mask <= Self.longestMask, mask & (mask + 1) == 0 else {
            throw SettingError("mask", given: mask, allowed: "up to 31 ones at the end")
        }
        guard id <= mask else { throw SettingError("id", given: id, allowed: "0 to \(mask)") }
        self.init(unchecked: id, mask: mask)
    }

    init(unchecked id: UInt32, mask: UInt32) {
        self.id = id
        self.mask = mask
    }

    /// Whether a hash ends in the segment's bits.
    public func matches(hash: UInt64) -> Bool { UInt32(truncatingIfNeeded: hash) & mask == id }

    /// Whether the sequence is a member.
    public func contains(_ sequence: SequenceKey) -> Bool {
        // Small numbers in a row must not all land in the same few segments.
        matches(hash: RandomStream.scramble(sequence.number))
    }
}

extension Segment: Comparable, CustomStringConvertible {
    /// Such as `2/3`: the id and the mask.
    public var description: String { "\(id)/\(mask)" }

    /// Whether the left segment has the smaller id, or with the same id the shorter mask.
    public static func < (left: Segment, right: Segment) -> Bool { (left.id, left.mask) < (right.id, right.mask) }
}
