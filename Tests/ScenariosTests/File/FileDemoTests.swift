import Foundation
import Scenarios
import Simulation
import Testing
import Timeline

/// The demo scenarios that come with the package.
enum Demo {
    /// Every file of the folder, by its name.
    static let names: [String] = {
        let folder = URL(filePath: path("checkout")).deletingLastPathComponent().path(percentEncoded: false)
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
    }()

    static func path(_ name: String) -> String {
        let package = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        return package.appending(path: "demo-scenarios/\(name).yaml").path(percentEncoded: false)
    }

    static func scenario(_ name: String) throws -> Scenario {
        do {
            return try Scenario.load(path: path(name))
        } catch {
            Issue.record("\(error.all.map(\.description).joined(separator: "\n"))")
            throw error
        }
    }
}

@Suite("Demo scenarios")
struct FileDemoTests {
    @Test("All demos are valid, and say what the demo is about", arguments: Demo.names)
    func demosAreValid(name: String) throws {
        let scenario = try Demo.scenario(name)
        #expect(scenario.name == name)
        #expect(!scenario.about.isEmpty)
        #expect(!scenario.teaches.isEmpty)
        #expect(scenario.expectations.count >= 3)
        #expect(!scenario.timeline.isEmpty)
    }

    @Test("Each of the guide's ten questions has two demos at least")
    func questions() throws {
        let taught = try Demo.names.flatMap { try Demo.scenario($0).teaches }
        for question in InterviewQuestion.allCases {
            #expect(taught.count { $0 == question } >= 2, "\(question.name)")
        }
    }
}
