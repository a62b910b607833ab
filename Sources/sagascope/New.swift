import ArgumentParser
import Foundation
import Scenarios

/// `sagascope new FILE`
struct New: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Write a commented scenario to start from.")

    @Argument(help: "The file to write; it must not exist yet.")
    var file: String

    func run() throws {
        try complainingAloud {
            guard !FileManager.default.fileExists(atPath: file) else {
                throw Complaint.unusableInput("\(file) exists already; choose another name")
            }
            try write(Scenario.starter, to: file)
            print("\(file): written. Next: sagascope \(file), or sagascope check \(file)")
        }
    }
}

/// Writes a text to a file.
func write(_ text: String, to file: String) throws(Complaint) {
    do {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
    } catch {
        throw .cannotWrite("\(file): cannot be written: \((error as NSError).localizedDescription)")
    }
}
