import Foundation

extension StorageError {
    /// What an error of the system's means.
    init(system code: Int32, path: String) {
        let what = String(cString: strerror(code))
        switch code {
        case ENOSPC, EDQUOT, EFBIG: self = .full(path)
        case EACCES, EPERM, EROFS: self = .readOnly(path)
        case EWOULDBLOCK: self = .locked(path)
        case ENOENT, ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG, EMFILE, ENFILE: self = .cannotOpen(path, what)
        default: self = .other(path, what)
        }
    }
}
