import Dashboard
import Foundation
import Scenarios

extension Theme {
    /// Reads a theme's file, with what is wrong in it; nil if it cannot be opened.
    static func load(path: String) -> (theme: Theme, problems: [Problem])? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return read(text, file: path)
    }
}
