import Dashboard
import Foundation
import Scenarios

extension Library {
    /// The themes that there are; what cannot be read of them is left out here, and told by `list`.
    static func allThemes() -> [Theme] {
        Library().themes().compactMap { Theme.load(path: $0.path)?.theme }
    }
}

extension Theme {
    /// Reads a theme's file, with what is wrong in it; nil if it cannot be opened.
    static func load(path: String) -> (theme: Theme, problems: [Problem])? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return read(text, file: path)
    }
}
