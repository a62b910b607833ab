import Foundation

/// A line on standard error that says how far a trace is read; only if somebody is there to see it.
struct TraceProgress {
    private let name: String
    private let bytes: Int?
    private let isSeen = isatty(STDERR_FILENO) != 0
    private let start = ContinuousClock.now
    private var lastTold = ContinuousClock.now
    private var hasTold = false

    /// - Parameter bytes: how many there are in all, if that is known.
    init(of name: String, bytes: Int?) {
        // One line, whatever the path.
        self.name = name.count > 30 ? "…" + name.suffix(29) : name
        self.bytes = bytes
    }

    mutating func tell(requests: Int, bytes read: Int) {
        let now = ContinuousClock.now
        guard isSeen, now - lastTold > .milliseconds(500) else { return }
        lastTold = now
        hasTold = true
        let share = bytes.map { " \(100 * min(read, $0) / max(1, $0))%," } ?? ""
        let rate = TraceReport.rate(requests, seconds: (now - start) / .seconds(1))
        let line = "\r\(name):\(share) \(TraceReport.grouped(requests)) requests, \(rate)/s \u{1B}[K"
        FileHandle.standardError.write(Data(line.utf8))
    }

    func end() {
        if hasTold { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
    }
}
