/// The latest sagas that have ended, in a ring of fixed size.
struct EndedSagas: Sendable {
    private static let capacity = 64

    private var ring: [EndedSaga] = []
    /// Where the oldest stands once the ring is full.
    private var oldest = 0

    /// Keeps a saga, in the place of the oldest if there is no room.
    mutating func append(_ saga: EndedSaga) {
        guard ring.count == Self.capacity else {
            ring.append(saga)
            return
        }
        ring[oldest] = saga
        oldest = (oldest + 1) % Self.capacity
    }

    /// Oldest first; one that has ended twice as it ended last.
    var each: [EndedSaga] {
        let all = Array(ring[oldest...] + ring[..<oldest])
        return all.indices.filter { index in !all[(index + 1)...].contains { $0.request == all[index].request } }
            .map { all[$0] }
    }
}
