import Foundation

/// The program as it was built beside the tests, run as a user runs it.
struct Program {
    var status: Int32
    var output: String
    var errors: String

    /// Runs it to its end, in a folder, with these arguments.
    init(
        _ arguments: [String], in folder: URL? = nil, environment: [String: String] = [:],
        input: FileHandle = .nullDevice
    ) throws {
        let process = Process()
        process.executableURL = Self.location
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        // Errors are few lines, which a pipe holds; so one after the other cannot block.
        self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        self.errors = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        status = process.terminationStatus
    }

    /// Beside the test bundle.
    private static var location: URL {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("sagascope")
    }
}

/// A folder of its own, gone when the body is done.
func inScratchFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sagascope-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
}
