import Scenarios
import Simulation
import Testing
import Timeline

@Suite("The reference and the starter")
struct FileReferenceTests {
    @Test("The reference names every live setting of the demos by its key, in lines that fit")
    func reference() throws {
        let reference = Scenario.reference
        #expect(reference.split(separator: "\n").allSatisfy { $0.count <= 100 })
        for path in try Demo.scenario("slow-payment").settingPaths {
            let key = path.split(separator: ".").last ?? ""
            let written = key.replacing("-", with: " ")
            #expect(
                reference.contains("\n  \(key) ") || reference.contains("\n  \(written) ")
                    || reference.contains("\n  half-open limit "), "\(key)")
        }
    }

    @Test("The starter is valid, and what it expects holds")
    func starter() throws {
        let scenario = try Scenario(parsing: Scenario.starter, file: "starter.yaml")
        var session = Session(scenario: scenario, options: .headless)
        session.runToEnd()
        #expect(session.judgements.count == 3)
        #expect(session.unmet == [])
    }
}
