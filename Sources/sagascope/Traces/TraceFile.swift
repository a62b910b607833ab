import Foundation

/// The bytes of a trace, read in pieces.
struct TraceFile: ~Copyable {
    /// As messages call it: the path, or "standard input".
    let name: String
    /// How many bytes there are; nil where only the end will tell.
    let size: Int?
    private(set) var bytesRead = 0
    private let descriptor: Int32

    private static let pieceSize = 1 << 20

    /// Opens a file; `-` is standard input.
    init(_ path: String) throws(Complaint) {
        let isInput = path == "-"
        let descriptor = isInput ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        let name = isInput ? "standard input" : path
        guard descriptor >= 0 else { throw Self.complaint(name, errno) }
        (self.name, self.descriptor) = (name, descriptor)
        var status = stat()
        let isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        size = isRegular ? Int(status.st_size) : nil
    }

    deinit {
        if descriptor != STDIN_FILENO { close(descriptor) }
    }

    /// The next bytes, up to a mebibyte; nil at the end.
    mutating func next() throws(Complaint) -> [UInt8]? {
        var problem: Int32 = 0
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, count in
            var result = 0
            repeat {
                result = read(descriptor, buffer.baseAddress, Self.pieceSize)
            } while result < 0 && errno == EINTR
            if result < 0 { problem = errno }
            count = max(0, result)
        }
        guard problem == 0 else { throw Self.complaint(name, problem) }
        bytesRead += piece.count
        return piece.isEmpty ? nil : piece
    }

    private static func complaint(_ name: String, _ error: Int32) -> Complaint {
        switch error {
        case ENOENT: .unusableInput("\(name): there is no such file")
        case EISDIR: .unusableInput("\(name): this is a folder; name a trace in it")
        case EACCES: .unusableInput("\(name): the file may not be read; change its permissions")
        default: .unusableInput("\(name): the trace cannot be read: \(String(cString: strerror(error)))")
        }
    }
}
