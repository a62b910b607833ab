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

    deinit { Foundation.close(descriptor) }
}
