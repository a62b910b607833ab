import ArgumentParser
import Dashboard
import Foundation
import Scenarios

/// `sagascope list`
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show which scenarios and themes there are, and where.")

    func run() throws {
        let library = Library()
        let scenarios = library.scenarios().map { (file: $0, scenario: try? Scenario.load(path: $0.path)) }
        show("Scenarios", scenarios.map(\.file)) { path in
            scenarios.first { $0.file.path == path }?.scenario.map(Self.lines) ?? []
        }
        showQuestions(scenarios.map { (name: $0.file.name, teaches: $0.scenario?.teaches ?? []) })
        show("Themes", library.themes()) { _ in [] }
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

    /// What there is to see in a scenario, and which questions it helps to answer.
    private static func lines(about scenario: Scenario) -> [String] {
        let questions = scenario.teaches.map(\.name).joined(separator: ", ")
        return [scenario.about, questions.isEmpty ? "" : "teaches \(questions)"].filter { !$0.isEmpty }
    }

    private func showQuestions(_ scenarios: [(name: String, teaches: [InterviewQuestion])]) {
        guard scenarios.contains(where: { !$0.teaches.isEmpty }) else { return }
        print("Interview questions")
        for question in InterviewQuestion.allCases {
            let names = scenarios.filter { $0.teaches.contains(question) }.map(\.name)
            print("  \(question.name)\(question.rawValue < 10 ? " " : "")  \(question.text)")
            print("       \(names.isEmpty ? "no scenario" : names.joined(separator: ", "))")
        }
    }

    private func show(_ title: String, _ files: [(name: String, path: String)], about: (String) -> [String]) {
        print(title)
        let width = files.map(\.name.count).max() ?? 0
        for file in files {
            let name = file.name + String(repeating: " ", count: width - file.name.count)
            print("  \(name)  \(file.path)")
            for line in about(file.path) { print("  \(String(repeating: " ", count: width))  \(line)") }
        }
    }
}
