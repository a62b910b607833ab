import ArgumentParser
import Dashboard
import Foundation
import Scenarios

/// `sagascope list`
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show which scenarios and themes there are, and where.")

    func run() throws {
        let library = Library()
        show("Scenarios", library.scenarios()) { path in (try? Scenario.load(path: path))?.about ?? "" }
        show("Themes", library.themes()) { _ in "" }
        for theme in library.themes() { complain(about: theme.path) }
        guard library.scenarios().isEmpty else { return }
        printError("sagascope: found none; looked in \(library.folders.map(\.path).joined(separator: ", "))")
        throw ExitCode(65)
    }

    private func complain(about theme: String) {
        guard let problems = Theme.load(path: theme)?.problems else {
            return printError("\(theme): the file cannot be read")
        }
        for problem in problems { printError("\(problem)") }
    }

    private func show(_ title: String, _ files: [(name: String, path: String)], about: (String) -> String) {
        print(title)
        let width = files.map(\.name.count).max() ?? 0
        for file in files {
            let name = file.name + String(repeating: " ", count: width - file.name.count)
            print("  \(name)  \(file.path)")
            let line = about(file.path)
            if !line.isEmpty { print("  \(String(repeating: " ", count: width))  \(line)") }
        }
    }
}
