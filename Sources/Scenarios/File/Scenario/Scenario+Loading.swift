import Foundation

extension Scenario {
    /// The largest file that is read, in bytes.
    static let sizeLimit = 1 << 20

    /// Reads a scenario file.
    /// - Parameters:
    ///   - path: where it is; it is also its name in messages.
    ///   - settings: see ``init(parsing:file:settings:without:)``.
    ///   - without: see ``init(parsing:file:settings:without:)``.
    /// - Throws: every problem that there is, by its place; one at the file's beginning if it cannot be read.
    public static func load(
        path: String, settings: [(path: String, value: String)] = [], without: [String] = []
    ) throws(Problems) -> Scenario {
        let place = Place(file: path, line: 1, column: 1)
        let bytes: [UInt8]
        switch contents(of: path) {
        case .success(let found): bytes = found
        case .failure(let obstacle): throw Problems([place.problem(obstacle.message)])
        }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        guard !content.contains(0), let text = String(validating: content, as: UTF8.self) else {
            throw Problems([place.problem("this is not a text file: a scenario is YAML in UTF-8")])
        }
        return try Scenario(parsing: text, file: path, settings: settings, without: without)
    }

    /// Why a file cannot be read.
    private struct Obstacle: Error {
        let message: String
    }

    private static func contents(of path: String) -> Result<[UInt8], Obstacle> {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            return .failure(Obstacle(message: "there is no such file"))
        }
        guard !isDirectory.boolValue else {
            return .failure(Obstacle(message: "this is a folder; name a scenario file in it"))
        }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            return .failure(Obstacle(message: "the file cannot be opened; may you read it?"))
        }
        defer { try? handle.close() }
        var bytes: [UInt8] = []
        do {
            while bytes.count <= sizeLimit, let chunk = try handle.read(upToCount: sizeLimit + 1 - bytes.count),
                !chunk.isEmpty
            {
                bytes += chunk
            }
        } catch {
            return .failure(Obstacle(message: "the file cannot be read: \(error.localizedDescription)"))
        }
        guard bytes.count <= sizeLimit else {
            return .failure(Obstacle(message: "the file is larger than 1 MB, which no scenario is"))
        }
        return .success(bytes)
    }
}
