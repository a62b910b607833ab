import Foundation

/// A folder that is gone when the test is over.
final class ScratchFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "storage-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A file in it.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// What SQLite's own program answers; nothing is checked where that is not installed.
    func shell(_ sql: String, _ path: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", path, sql]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map(String.init)
    }
}
