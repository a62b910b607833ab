import Foundation

/// libCacheSim, the C library, in a Python process that waits while we are measured: `Benchmarks/libcachesim.py`.
struct LibCacheSim {
    /// Why there is none, in one line.
    struct Missing: Error {
        let reason: String
    }

    private static let version = "0.3.5"
    private static let script = "Benchmarks/libcachesim.py"
    private static let environment = "Benchmarks/.build/libcachesim-\(version)"

    private let process = Process()
    private let questions = Pipe()
    private let answers = Pipe()

    /// Starts it on a trace in its own format, with caches of so many entries. Where it is not installed yet it is, in an
    /// environment of its own.
    init(trace: String, size: Int) throws(Missing) {
        try Self.install()
        process.executableURL = URL(filePath: "\(Self.environment)/bin/python")
        process.arguments = ["-I", Self.script, trace, "\(size)"]
        (process.standardInput, process.standardOutput) = (questions, answers)
        // If it ends early, a question is a failed write and not our end.
        signal(SIGPIPE, SIG_IGN)
        do { try process.run() } catch { throw Missing(reason: "\(Self.environment)/bin/python cannot be started") }
    }

    /// Replays the trace once; nil if it cannot.
    func replay(_ policy: String) -> (seconds: Double, missRatio: Double)? {
        let question = Data("\(policy)\n".utf8)
        guard (try? questions.fileHandleForWriting.write(contentsOf: question)) != nil else { return nil }
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            guard let byte = try? answers.fileHandleForReading.read(upToCount: 1)?.first else { return nil }
            line.append(byte)
        }
        let numbers = String(decoding: line.dropLast(), as: UTF8.self).split(separator: " ").compactMap { Double($0) }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
    }

    /// Ends it.
    func stop() {
        try? questions.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private static func install() throws(Missing) {
        let python = "\(environment)/bin/python"
        if run([python, "-I", "-c", "import libcachesim"], isSilent: true) { return }
        guard FileManager.default.fileExists(atPath: script) else {
            throw Missing(reason: "\(script) is not there; run this from the top of the repository")
        }
        guard run(["python3", "-m", "venv", "--clear", environment]) else {
            throw Missing(reason: "python3 -m venv does not work here; install Python 3 with venv")
        }
        let pip = ["-m", "pip", "--quiet", "--disable-pip-version-check", "--timeout", "10", "--retries", "1"]
        guard run([python] + pip + ["install", "libcachesim==\(version)"]) else {
            throw Missing(reason: "libcachesim \(version) cannot be installed with pip; is there a network?")
        }
    }

    /// Runs a command; returns whether it succeeded. What it prints goes to standard error, which is not the report's.
    private static func run(_ command: [String], isSilent: Bool = false) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = isSilent ? FileHandle.nullDevice : FileHandle.standardError
        process.standardError = isSilent ? FileHandle.nullDevice : FileHandle.standardError
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
