import Glibc
import TerminalStart

/// What the dashboard costs as a user opens it: the program with the checkout demo, in a terminal of 120 by 40.
enum DashboardCost {
    static func measure(seconds: Int) throws -> [Result] {
        let flight = try Flight()
        let firstFrame = flight.secondsToFirstFrame() * 1e3
        _ = flight.bytes(in: 2)
        var (share, bytes): ([Double], [Double]) = ([], [])
        for _ in 0..<max(1, seconds / slice) {
            let before = flight.processorSeconds
            bytes.append(Double(flight.bytes(in: slice)) / Double(slice) / 1e3)
            share.append((flight.processorSeconds - before) / Double(slice) * 100)
        }
        let resident = flight.residentMegabytes
        flight.press(" ")
        _ = flight.bytes(in: 2)
        let paused = Double(flight.bytes(in: slice))
        return [
            Result(name: "dashboard, first frame", unit: "ms", samples: [firstFrame], goal: .worstAtMost(150)),
            Result(name: "dashboard, of a core", unit: "%", samples: share, goal: .meanAtMost(1)),
            Result(name: "dashboard, to the terminal", unit: "kB/s", samples: bytes, goal: .meanAtMost(10)),
            Result(name: "dashboard, while paused", unit: "bytes", samples: [paused], goal: .worstAtMost(0)),
            Result(name: "dashboard, after \(seconds) s", unit: "MB", samples: [resident], goal: .worstAtMost(60)),
        ]
    }

    /// The length of a sample, in seconds.
    private static let slice = 10

    struct NotStarted: Error, CustomStringConvertible {
        let description = "cannot start .build/release/sagascope; run `make bench` from the top of the repository"
    }

    /// The program while it runs.
    private struct Flight: ~Copyable {
        private let process: pid_t
        private let terminal: Int32
        private let start = Flight.now

        init() throws {
            var terminal: Int32 = -1
            process = terminal_start(".build/release/sagascope", 120, 40, &terminal)
            self.terminal = terminal
            guard process > 0, access(".build/release/sagascope", X_OK) == 0 else { throw NotStarted() }
        }

        deinit {
            kill(process, SIGTERM)
            close(terminal)
            waitpid(process, nil, 0)
        }

        /// How long it takes until something of size has been painted.
        func secondsToFirstFrame() -> Double {
            var seen = 0
            while seen < 1_000, Flight.now - start < 10 { seen += read(for: 10) }
            return Flight.now - start
        }

        /// How many bytes it writes in so many seconds.
        func bytes(in seconds: Int) -> Int {
            let end = Flight.now + Double(seconds)
            var bytes = 0
            while end > Flight.now { bytes += read(for: Int32((end - Flight.now) * 1e3) + 1) }
            return bytes
        }

        func press(_ key: String) { _ = write(terminal, key, key.utf8.count) }

        /// The processor time that it has used so far.
        var processorSeconds: Double {
            var clock = clockid_t()
            guard clock_getcpuclockid(process, &clock) == 0 else { return .nan }
            return Flight.seconds(of: clock)
        }

        var residentMegabytes: Double {
            guard let file = fopen("/proc/\(process)/statm", "r") else { return .nan }
            defer { fclose(file) }
            var line = [CChar](repeating: 0, count: 256)
            guard fgets(&line, 256, file) != nil else { return .nan }
            let fields = String(decoding: line.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
            return (Double(fields[1]) ?? .nan) * Double(sysconf(Int32(_SC_PAGESIZE))) / 1e6
        }

        /// Waits for what it writes, so many milliseconds at most; returns how many bytes came.
        private func read(for milliseconds: Int32) -> Int {
            var request = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, milliseconds) > 0 else { return 0 }
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            return max(0, Glibc.read(terminal, &buffer, buffer.count))
        }

        private static var now: Double { seconds(of: CLOCK_MONOTONIC) }

        private static func seconds(of clock: clockid_t) -> Double {
            var time = timespec()
            clock_gettime(clock, &time)
            return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        }
    }
}
