import Foundation
import Scenarios
import Simulation
import Testing
import Timeline

/// The demo scenarios that come with the package.
enum Demo {
    static let names = ["slow-payment", "checkout", "drowning", "64-attempts"]

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
    @Test("Both demos are valid, and say what the demo is about", arguments: Demo.names)
    func demosAreValid(name: String) throws {
        let scenario = try Demo.scenario(name)
        #expect(scenario.name == name)
        #expect(!scenario.about.isEmpty)
        #expect(scenario.expectations.count >= 3)
        #expect(!scenario.timeline.isEmpty)
    }
}
