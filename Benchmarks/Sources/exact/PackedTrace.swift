import Caching
import Foundation

/// A published trace as it is distributed: packed, in the format of its collection.
struct PackedTrace {
    private let file: String
    private let format: TraceFormat
    /// What unpacks it to standard output with `-dc`.
    private let unpacker: String

    /// - Parameter name: a collection and a trace in it, such as `lirs/cpp`.
    init(named name: String) throws(Problem) {
        switch name.split(separator: "/").first {
        case "lirs": (file, format, unpacker) = ("\(name).trace.gz", .text, "gzip")
        case "arc": (file, format, unpacker) = ("\(name).lis.zst", .arc, "zstd")
        case "cache2k": (file, format, unpacker) = ("\(name).trace.xz", .int32be, "xz")
        case "corda": (file, format, unpacker) = ("\(name).gz", .int64be, "gzip")
        case "twitter": (file, format, unpacker) = ("\(name).csv.xz", .csv(key: .name("object"), size: nil), "xz")
        default: throw Problem("\(name): the format of this collection is not known")
        }
    }

    /// The keys of all requests, numbered in order of first use.
    func keys(in folder: URL) throws -> [UInt32] {
        var parser = TraceParser(format)
        var batch = TraceBatch()
        var keys: [UInt32] = []
        do {
            parser.feed([UInt8](try bytes(in: folder)))
            parser.finish()
            while try parser.fill(&batch) { keys += batch.keys }
        } catch let error as TraceError {
            throw Problem("\(file): \(error)")
        }
        return keys
    }

    /// When each request came, where the first column says so, in seconds.
    func seconds(in folder: URL) throws -> [Int64] {
        String(decoding: try bytes(in: folder), as: UTF8.self).split(separator: "\n").compactMap { line in
            line.split(separator: ",").first.flatMap { Int64($0) }
        }
    }

    private func bytes(in folder: URL) throws -> Data {
        let path = folder.appending(path: file).path
        let (unpacking, output) = (Process(), Pipe())
        unpacking.executableURL = URL(filePath: "/usr/bin/env")
        unpacking.arguments = [unpacker, "-dc", path]
        unpacking.standardOutput = output
        try unpacking.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        unpacking.waitUntilExit()
        guard unpacking.terminationStatus == 0 else {
            throw Problem("\(path): \(unpacker) cannot unpack it; is \(unpacker) installed, and the file whole?")
        }
        return bytes
    }
}
