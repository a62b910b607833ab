/// Numbers the keys of requests and collects them in a batch.
///
/// Integer keys wait in a small group until the first place of each in the table has been looked at: those looks do
/// not depend on each other, so memory is waited for about once a group and not once a key. Nobody notices else.
struct RequestCollector: Sendable {
    /// A request whose key has no number yet.
    private struct Waiting {
        var key: UInt64
        /// 0 for none.
        var size: UInt32
        /// What a look has found.
        var number: UInt32
        /// The line or the offset.
        var place: Int
    }

    /// How many requests wait at most.
    private static let groupSize = 64

    private(set) var keys: KeyNumbers
    /// How many requests have been left out because their size is 0.
    private(set) var skipped = 0
    /// Where the request is whose key could not be numbered.
    private(set) var failedPlace: Int?
    var batch = TraceBatch()
    private var group: [Waiting] = []

    init(keyLimit: UInt32) {
        keys = KeyNumbers(limit: keyLimit)
        group.reserveCapacity(Self.groupSize)
    }

    /// How many more requests may be added.
    var room: Int { batch.room - group.count }

    /// Adds a request from a line or an offset; one of size 0 is left out.
    mutating func add(_ key: UInt64, size: UInt32? = nil, at place: Int) throws(TraceError.Problem) {
        guard isWanted(size) else { return }
        group.append(Waiting(key: key, size: size ?? 0, number: NumberTable.absent, place: place))
        if group.count == Self.groupSize { try flush() }
    }

    /// Adds a request from a line; one of size 0 is left out.
    mutating func add(text key: Span<UInt8>, size: UInt32? = nil, at line: Int) throws(TraceError.Problem) {
        if let integer = KeyNumbers.integer(key) { return try add(integer, size: size, at: line) }
        guard isWanted(size) else { return }
        try flush()
        do throws(TraceError.Problem) {
            batch.append(try keys.number(ofText: key), size: size)
        } catch {
            failedPlace = line
            throw error
        }
    }

    /// Numbers the keys that wait, up to one that has no number left.
    mutating func flush() throws(TraceError.Problem) {
        for index in group.indices { group[index].number = keys.glance(at: group[index].key) }
        defer { group.removeAll(keepingCapacity: true) }
        for request in group {
            let number = request.number == NumberTable.absent ? try number(of: request) : request.number
            batch.append(number, size: request.size == 0 ? nil : request.size)
        }
    }

    /// Counts the request if it is left out.
    private mutating func isWanted(_ size: UInt32?) -> Bool {
        if size == 0 { skipped += 1 }
        return size != 0
    }

    private mutating func number(of request: Waiting) throws(TraceError.Problem) -> UInt32 {
        do throws(TraceError.Problem) {
            return try keys.number(of: request.key)
        } catch {
            failedPlace = request.place
            throw error
        }
    }
}
