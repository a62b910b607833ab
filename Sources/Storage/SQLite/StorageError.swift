import Foundation
import GRDB

/// Why a file could not be opened, read or written; its description is one line that says what to do.
public enum StorageError: Error, Hashable, Sendable {
    /// There is no such file.
    case absent(String, String)
    /// The file is something else; it has not been touched.
    case foreign(String, String)
    /// A newer program has made the file.
    case newer(String, String, version: Int, known: Int)
    /// What stands in the file is damaged.
    case corrupt(String, String)
    /// One entry of a cache is damaged, and was dropped.
    case damagedEntry(String, String)
    /// The file, or its folder, may not be written.
    case readOnly(String)
    /// The disk is full.
    case full(String)
    /// Another program holds the file.
    case locked(String)
    /// The file cannot be opened.
    case cannotOpen(String, String)
    /// Something else.
    case other(String, String)
}

extension StorageError: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .absent(let path, let kind): "\(path): there is no such \(kind)"
        case .foreign(let path, let kind): "\(path): this is no \(kind) of sagascope; choose another file"
        case .newer(let path, let kind, let version, let known):
            "\(path): a newer sagascope has made this \(kind) (layout \(version), this one knows \(known)); update sagascope"
        case .corrupt(let path, let what): "\(path): the file is damaged (\(what)); restore it from a copy"
        case .damagedEntry(let path, let place): "\(path): the entry \(place) is damaged, and is dropped; load it again"
        case .readOnly(let path): "\(path): the file or its folder may not be written; change its permissions"
        case .full(let path): "\(path): the disk is full; make room, what was stored before is intact"
        case .locked(let path): "\(path): another program holds the file; close it, and try again"
        case .cannotOpen(let path, let what): "\(path): cannot be opened (\(what)); does its folder exist?"
        case .other(let path, let what): "\(path): \(what)"
        }
    }
}

extension StorageError {
    /// What an error of SQLite's means.
    /// - Parameter kind: what the file should be.
    init(_ error: any Error, path: String, kind: String = "file") {
        guard let error = error as? DatabaseError else {
            self = .other(path, "\(error)")
            return
        }
        let what = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .foreign(path, kind)
        case .SQLITE_CORRUPT: self = .corrupt(path, what)
        case .SQLITE_READONLY, .SQLITE_PERM: self = .readOnly(path)
        case .SQLITE_FULL: self = .full(path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path)
        case .SQLITE_CANTOPEN: self = Self.isReadOnly(folderOf: path) ? .readOnly(path) : .cannotOpen(path, what)
        // What the processes that use a file share beside it could not grow (sqlite.org/rescode.html).
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: self = .full(path)
        default: self = .other(path, what)
        }
    }

    private static func isReadOnly(folderOf path: String) -> Bool {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return FileManager.default.fileExists(atPath: folder) && !FileManager.default.isWritableFile(atPath: folder)
    }
}
