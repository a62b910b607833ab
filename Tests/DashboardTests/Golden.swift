import Foundation
import Screen
import Testing

/// Screens kept as text files beside the tests.
enum Golden {
    /// Compares a screen with the one kept under a name; with `UPDATE_GOLDEN=1` in the environment keeps it instead.
    static func check(_ grid: Grid, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        check(grid.text, name, sourceLocation: sourceLocation)
    }

    /// Compares a text with the one kept under a name.
    static func check(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let file = folder.appendingPathComponent("\(name).txt")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            do {
                try Data((text + "\n").utf8).write(to: file)
            } catch {
                Issue.record("cannot write \(file.path): \(error)", sourceLocation: sourceLocation)
            }
            return
        }
        guard let kept = try? String(contentsOf: file, encoding: .utf8) else {
            Issue.record("no golden file \(name).txt; make it with UPDATE_GOLDEN=1", sourceLocation: sourceLocation)
            return
        }
        let difference = difference(kept, text + "\n")
        #expect(difference.isEmpty, "\(name).txt differs:\n\(difference)", sourceLocation: sourceLocation)
    }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")

    /// The lines that differ, each as it was kept and as it is now.
    private static func difference(_ kept: String, _ now: String) -> String {
        let before = kept.split(separator: "\n", omittingEmptySubsequences: false)
        let after = now.split(separator: "\n", omittingEmptySubsequences: false)
        return (0..<max(before.count, after.count)).compactMap { row in
            let old = row < before.count ? before[row] : "(no line)"
            let new = row < after.count ? after[row] : "(no line)"
            return old == new ? nil : "\(row):\n- \(old)\n+ \(new)"
        }.joined(separator: "\n")
    }
}
