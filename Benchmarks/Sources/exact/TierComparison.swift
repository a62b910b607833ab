import Caching
import Foundation
import Timeline

/// Compares three levels, and lives that end, with what `tiers.tsv` says: hits level by level, to the last one.
struct TierComparison {
    private(set) var lines: [String] = []
    private(set) var isGood = true

    /// - Parameter folder: that of the table and the traces.
    init(_ folder: URL) throws {
        guard let text = try? String(contentsOf: folder.appending(path: "tiers.tsv"), encoding: .utf8) else { return }
        for row in text.split(separator: "\n").dropFirst() {
            let fields = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count >= 7 else { throw Problem("tiers.tsv: \"\(row)\" is no row") }
            let trace = try PackedTrace(named: fields[0])
            let sizes = fields[2].split { !$0.isNumber }.compactMap { Int($0) }
            let hits = fields[4...6].compactMap { Int($0) }
            let keys = try trace.keys(in: folder)
            let found: [Int]
            if let life = Self.life(fields[1]) {
                found = [Self.hits(keys, try trace.seconds(in: folder), in: sizes[0], for: life)]
            } else {
                let inclusion: LevelInclusion = fields[1].hasPrefix("exclusive") ? .exclusive : .inclusive
                found = try Self.hits(keys, in: sizes, inclusion)
            }
            isGood = isGood && found == hits
            lines.append("\(fields[0]), \(fields[1]): \(found) hits, \(found == hits ? "ok" : "FAILED, not \(hits)")")
        }
    }

    /// The seconds in `LRU expire-after-write 15s (...)`.
    private static func life(_ mode: String) -> Duration? {
        guard let word = mode.split(separator: " ").first(where: { $0.hasSuffix("s") && Int($0.dropLast()) != nil })
        else { return nil }
        return Int64(word.dropLast()).map { .seconds($0) }
    }

    private static func hits(_ keys: [UInt32], in sizes: [Int], _ inclusion: LevelInclusion) throws -> [Int] {
        let settings = try sizes.map { try LevelSettings("\($0)", capacity: $0) }
        var levels = CacheLevels<UInt32, UInt32>(settings, inclusion: inclusion)
        for key in keys {
            if let found = levels.look(key, node: 0, at: .zero).found {
                levels.promote(key, found, to: 0..<found.level, node: 0, at: .zero)
            } else {
                levels.store(
                    key, CachedValue(key, version: 0, loadedAt: .zero), in: 0..<sizes.count, node: 0, at: .zero)
            }
        }
        return sizes.indices.map { levels.statistics(of: $0).hits }
    }

    private static func hits(_ keys: [UInt32], _ seconds: [Int64], in size: Int, for life: Duration) -> Int {
        var cache = LRUCache<UInt32, UInt32>(capacity: size, lifetime: Lifetime(afterWrite: life))
        for (key, second) in zip(keys, seconds) {
            _ = cache.get(key, at: .after(.seconds(second)), orInsert: key)
        }
        return cache.statistics.hits
    }
}
