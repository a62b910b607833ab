import Glibc
import PseudoTerminal

/// A probe running in a pseudo-terminal of its own.
struct ProbeSession: ~Copyable {
    enum Ending: Equatable {
        case exited(Int32)
        case killed(Int32)
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Everything that the probe has written to its terminal so far.
    private(set) var output = ""

    private var outputBytes: [UInt8] = []
    private var reports: [String] = []
    private var reportBytes: [UInt8] = []
    private let process: pid_t
    private var primary: Int32
    private var secondary: Int32
    private let reportPipe: Int32
    private let modesBefore: termios
    private var isOver = false

    /// Long enough for a loaded machine; only a test that fails waits so long.
    private static let patienceMilliseconds: Int32 = 20_000

    init(environment: [String: String] = [:], width: Int = 80, height: Int = 24) throws {
        var variables = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "SWIFT_BACKTRACE": "interactive=no"]
        // What the sanitizers are told holds for the probe too.
        for name in ["ASAN_OPTIONS", "TSAN_OPTIONS"] {
            variables[name] = getenv(name).map { String(cString: $0) } ?? ""
        }
        variables.merge(environment) { $1 }
        var entries = variables.filter { $0.value != "" }.map { strdup("\($0)=\($1)") } + [nil]
        defer { for entry in entries { free(entry) } }
        var started = pseudo_terminal()
        let program = try Self.probePath()
        guard pseudo_terminal_start(program, &entries, Int32(width), Int32(height), &started) else {
            throw Failure(description: "cannot start \(program) in a pseudo-terminal")
        }
        (process, primary, secondary) = (started.process, started.primary, started.secondary)
        reportPipe = started.reports
        modesBefore = started.modes_before
    }

    deinit {
        if !isOver {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
        for descriptor in [primary, secondary, reportPipe] where descriptor >= 0 { close(descriptor) }
    }

    func send(_ text: String) {
        _ = text.withCString { write(primary, $0, strlen($0)) }
    }

    func signal(_ number: Int32) { kill(process, number) }

    func resize(width: Int, height: Int) { pseudo_terminal_resize(primary, Int32(width), Int32(height)) }

    /// Takes the terminal away, as when its window is closed.
    mutating func hangUp() {
        close(primary)
        primary = -1
    }

    /// Whether the terminal's modes are as they were before the probe started.
    var hasModesOfBefore: Bool {
        var modes = termios()
        tcgetattr(secondary, &modes)
        return modes.c_iflag == modesBefore.c_iflag && modes.c_oflag == modesBefore.c_oflag
            && modes.c_cflag == modesBefore.c_cflag && modes.c_lflag == modesBefore.c_lflag
    }

    // MARK: - Waiting

    /// Waits for a report that begins so and returns it; reports before it are skipped.
    @discardableResult
    mutating func report(_ beginning: String) throws -> String {
        while true {
            while !reports.isEmpty {
                let report = reports.removeFirst()
                if report.hasPrefix(beginning) { return report }
            }
            guard try readMore() else { throw Failure(description: "the probe ended without reporting '\(beginning)'") }
        }
    }

    /// Waits for the next report.
    mutating func nextReport() throws -> String { try report("") }

    /// Waits until the text has been written to the terminal, and returns what was written since the last such call.
    @discardableResult
    mutating func written(upTo text: String) throws -> String {
        while true {
            if let range = output.firstRange(of: text) {
                let before = String(output[..<range.upperBound])
                outputBytes.removeFirst(before.utf8.count)
                output = String(decoding: outputBytes, as: UTF8.self)
                return before
            }
            guard try readMore() else { throw Failure(description: "the probe ended without writing '\(text)'") }
        }
    }

    /// Waits for the end of the probe; afterwards `output` holds all that it has written.
    mutating func ending() throws -> Ending {
        while try readMore() {}
        var status: Int32 = 0
        waitpid(process, &status, 0)
        isOver = true
        return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(status & 0x7F)
    }

    /// Reads what is left in the terminal after the end of the probe.
    mutating func readRest() {
        close(secondary)
        secondary = -1
        while takeOutput() {}
    }

    /// Sends a signal again and again, a limited number of times, until the probe has ended.
    mutating func signalUntilItEnds(_ number: Int32) throws {
        for _ in 0..<400 {
            signal(number)
            if read(patienceMilliseconds: 50) == false { return }
        }
        throw Failure(description: "the probe has survived 400 signals")
    }

    /// Reads from the terminal and the reports, failing when nothing comes; false when there will be no more reports.
    private mutating func readMore() throws -> Bool {
        guard let isOpen = read(patienceMilliseconds: Self.patienceMilliseconds) else {
            throw Failure(description: "nothing happened for so long; the terminal had \(output.debugDescription)")
        }
        return isOpen
    }

    /// Reads what comes in time; nil when nothing does, false when there will be no more reports.
    private mutating func read(patienceMilliseconds: Int32) -> Bool? {
        var watched = [
            pollfd(fd: reportPipe, events: Int16(POLLIN), revents: 0),
            pollfd(fd: primary, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&watched, 2, patienceMilliseconds) > 0 else { return nil }
        if watched[1].revents != 0 { _ = takeOutput() }
        return watched[0].revents == 0 || takeReports()
    }

    private mutating func takeOutput() -> Bool {
        guard let bytes = Self.read(primary) else { return false }
        outputBytes += bytes
        output = String(decoding: outputBytes, as: UTF8.self)
        return true
    }

    private mutating func takeReports() -> Bool {
        guard let bytes = Self.read(reportPipe) else { return false }
        reportBytes += bytes
        while let end = reportBytes.firstIndex(of: 0x0A) {
            reports.append(String(decoding: reportBytes[..<end], as: UTF8.self))
            reportBytes.removeSubrange(...end)
        }
        return true
    }

    private static func read(_ descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = Glibc.read(descriptor, &buffer, buffer.count)
        return count > 0 ? Array(buffer[..<count]) : nil
    }
}

// MARK: - Finding the probe

extension ProbeSession {
    /// The probe is built into the folder where the tests are.
    private static func probePath() throws -> String {
        var candidates = CommandLine.arguments
        if let own = realpath("/proc/self/exe", nil) {
            candidates.append(String(cString: own))
            free(own)
        }
        for candidate in candidates {
            let folder = candidate.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            guard let bundle = folder.firstIndex(where: { $0.hasSuffix(".xctest") }) ?? folder.indices.last else {
                continue
            }
            for end in [bundle, bundle + 1] {
                let path = folder[..<min(end, folder.endIndex)].joined(separator: "/") + "/TerminalProbe"
                if access(path, X_OK) == 0 { return path }
            }
        }
        throw Failure(description: "TerminalProbe is not beside the tests")
    }
}
