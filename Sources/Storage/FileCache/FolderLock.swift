import Foundation

/// Holds a folder for one opener, in this process or another, until it is gone; the system lets go of it also when the
/// process is killed.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// - Throws: ``StorageError/locked(_:)`` if somebody else holds it.
    init(folder: String) throws(StorageError) {
        let path = "\(folder)/lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        if descriptor < 0 { throw StorageError(system: errno, path: path) }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            Foundation.close(descriptor)
            throw StorageError(system: code, path: folder)
        }
        self.descriptor = descriptor
    }

    deinit {
        // A child that is just being started has a copy of the descriptor, and would hold the lock until it runs.
        _ = flock(descriptor, LOCK_UN)
        Foundation.close(descriptor)
    }
}
