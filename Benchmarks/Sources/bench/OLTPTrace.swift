import Caching
import Foundation
import Timeline

/// The OLTP trace of the ARC paper, where `shared/traces` lies beside the repository or beside a folder that it lies in.
enum OLTPTrace {
    /// A key of 64 bits for each request: numbers in order of first use, scrambled, so that no hash has it easy.
    /// - Returns: nil where there is no such trace, or nothing to unpack it.
    static func keys() -> [UInt64]? {
        let here = URL(filePath: FileManager.default.currentDirectoryPath)
        let above = sequence(first: here) { $0.path == "/" ? nil : $0.deletingLastPathComponent() }
        let files = above.map { $0.appending(path: "shared/traces/arc/OLTP.lis.zst").path }
        guard let file = files.first(where: FileManager.default.fileExists) else { return nil }
        let (unpacking, output) = (Process(), Pipe())
        unpacking.executableURL = URL(filePath: "/usr/bin/env")
        unpacking.arguments = ["zstd", "-dc", file]
        unpacking.standardOutput = output
        guard (try? unpacking.run()) != nil else { return nil }
        var parser = TraceParser(.arc)
        parser.feed([UInt8](output.fileHandleForReading.readDataToEndOfFile()))
        parser.finish()
        unpacking.waitUntilExit()
        var keys: [UInt64] = []
        var batch = TraceBatch()
        while (try? parser.fill(&batch)) == true { keys += batch.keys.map { RandomStream.scramble(UInt64($0)) } }
        return keys.isEmpty ? nil : keys
    }

    /// The requests as libCacheSim reads them (``TraceFormat/oracleGeneral``): each of size 1, the future unknown.
    static func oracleGeneral(_ keys: [UInt64]) -> Data {
        var data = Data(capacity: 24 * keys.count)
        for key in keys {
            withUnsafeBytes(of: UInt32(0).littleEndian) { data.append(contentsOf: $0) }
            withUnsafeBytes(of: key.littleEndian) { data.append(contentsOf: $0) }
            withUnsafeBytes(of: UInt32(1).littleEndian) { data.append(contentsOf: $0) }
            withUnsafeBytes(of: Int64(-1).littleEndian) { data.append(contentsOf: $0) }
        }
        return data
    }
}
