public import Timeline

/// Which worker works on which segment of a projection.
///
/// A claim is renewed while its worker lives; one that was not renewed for the time-out can be taken over. Claims spare
/// work that would be in vain, and no more: that nothing happens twice is up to the checkpoints, which move by
/// compare-and-set. Whoever commits can ask ``isHeld(_:by:)`` in the same transaction, to stop a worker sooner that has
/// lost its segment.
///
/// Source: Axon Framework, `JdbcTokenStore`.
public struct SegmentClaims: Hashable, Sendable {
    /// After how long without a renewal a claim can be taken over; zero for at once. Axon's default is 10 s.
    public let timeout: Duration
    var rows: [Row] = []

    struct Row: Hashable, Sendable {
        var segment: Segment
        var worker: UInt64?
        var claimedAt = Instant.zero
    }

    /// Why a segment cannot be claimed, or not by this worker.
    public enum Refusal: Error, Hashable, Sendable {
        /// There are segments already.
        case initialized
        /// There is no such segment, or none any more: it was split or merged.
        case unknown(Segment)
        /// Another worker has it.
        case heldBy(worker: UInt64)
        /// The worker does not have it, or not any more.
        case notHeld
        /// It cannot be split.
        case atomic(Segment)
    }

    /// No segments yet.
    /// - Parameter timeout: zero or more.
    /// - Throws: a ``SettingError`` otherwise.
    public init(timeout: Duration = .seconds(10)) throws(SettingError) {
        guard timeout >= .zero else { throw SettingError("timeout", given: timeout, allowed: "0s or more") }
        self.timeout = timeout
    }

    /// All segments, in order.
    public var segments: [Segment] { rows.map(\.segment) }

    /// Makes so many segments, which nobody has yet; see ``Segment/balanced(_:)``.
    public mutating func initialize(_ count: Int) throws(Refusal) {
        guard rows.isEmpty else { throw .initialized }
        rows = Segment.balanced(count).map { Row(segment: $0) }
    }

    /// Who has a segment; nil if nobody has.
    public func worker(of segment: Segment) -> UInt64? {
        index(of: segment).flatMap { rows[$0].worker }
    }

    /// Whether the worker has the segment: nobody took it over.
    public func isHeld(_ segment: Segment, by worker: UInt64) -> Bool {
        self.worker(of: segment) == worker
    }

    /// Gives a segment to a worker if it is free, the worker's already, or has not been renewed for too long.
    public mutating func claim(_ segment: Segment, by worker: UInt64, at now: Instant) throws(Refusal) {
        guard let index = index(of: segment) else { throw .unknown(segment) }
        if let other = rows[index].worker, other != worker, !isStale(rows[index], at: now) {
            throw .heldBy(worker: other)
        }
        rows[index].worker = worker
        rows[index].claimedAt = now
    }

    /// Gives the worker the first segment that it can have and does not have yet; nil if there is none.
    public mutating func claimNext(by worker: UInt64, at now: Instant) -> Segment? {
        let free = rows.indices.first { index in
            rows[index].worker != worker && (rows[index].worker == nil || isStale(rows[index], at: now))
        }
        guard let free else { return nil }
        rows[free].worker = worker
        rows[free].claimedAt = now
        return rows[free].segment
    }

    /// Says that the worker still works on the segment.
    public mutating func renew(_ segment: Segment, by worker: UInt64, at now: Instant) throws(Refusal) {
        guard isHeld(segment, by: worker), let index = index(of: segment) else { throw .notHeld }
        rows[index].claimedAt = max(rows[index].claimedAt, now)
    }

    /// Gives a segment back. One that was taken over stays with whoever has it now.
    public mutating func release(_ segment: Segment, by worker: UInt64) {
        guard isHeld(segment, by: worker), let index = index(of: segment) else { return }
        rows[index].worker = nil
    }

    func index(of segment: Segment) -> Int? { rows.firstIndex { $0.segment == segment } }

    private func isStale(_ row: Row, at now: Instant) -> Bool { now - row.claimedAt >= timeout }
}

extension SegmentClaims {
    /// Splits a segment that the worker has; it has both halves then. The checkpoint is split in the same step; see
    /// ``Checkpoints/split(_:at:)``.
    @discardableResult
    public mutating func split(
        _ segment: Segment, by worker: UInt64
    ) throws(Refusal) -> (low: Segment, high: Segment) {
        guard isHeld(segment, by: worker), let index = index(of: segment) else { throw .notHeld }
        guard let halves = segment.split() else { throw .atomic(segment) }
        var other = rows[index]
        rows[index].segment = halves.low
        other.segment = halves.high
        rows.append(other)
        rows.sort { $0.segment < $1.segment }
        return halves
    }

    /// Merges a segment with its sibling; the worker has both, and then the whole. The checkpoints are merged in the
    /// same step; see ``Checkpoints/merge(_:with:at:)``.
    @discardableResult
    public mutating func merge(_ segment: Segment, by worker: UInt64) throws(Refusal) -> Segment {
        let other = segment.sibling
        guard segment != other, let whole = segment.merged(with: other) else { throw .atomic(segment) }
        guard isHeld(segment, by: worker), isHeld(other, by: worker), let index = index(of: segment) else {
            throw .notHeld
        }
        rows[index].segment = whole
        rows.removeAll { $0.segment == other }
        rows.sort { $0.segment < $1.segment }
        return whole
    }
}
