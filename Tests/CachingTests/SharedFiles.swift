import Foundation

/// Published traces and vectors, where the folder with them is there: beside the package, or beside a folder that it
/// lies in.
enum SharedFiles {
    static let folder: URL? = sequence(first: URL(filePath: #filePath)) { $0.deletingLastPathComponent() }
        .prefix { $0.path.count > 1 }
        .map { $0.appending(path: "shared") }
        .first { FileManager.default.fileExists(atPath: $0.appending(path: "vectors/cache-steps.json").path) }

    static func file(_ path: String) throws -> Data {
        guard let folder else { throw CocoaError(.fileNoSuchFile) }
        return try Data(contentsOf: folder.appending(path: path))
    }
}
