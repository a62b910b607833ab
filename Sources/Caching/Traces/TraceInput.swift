/// The bytes of a trace that have come in, as far as they are needed.
struct TraceInput: Sendable {
    /// The bytes, of which the first may have been read.
    private(set) var bytes: [UInt8] = []
    /// Whether no more bytes will come.
    var isFinished = false
    /// How many bytes of the trace came before these.
    private(set) var earlier = 0

    /// Takes more bytes, and forgets the first ones, which have been read.
    mutating func feed(_ more: [UInt8], forgetting read: Int) {
        earlier += read
        if read == bytes.count {
            bytes = more
        } else {
            bytes.removeSubrange(..<read)
            bytes += more
        }
    }
}
