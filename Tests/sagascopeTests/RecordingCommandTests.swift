import Foundation
import Testing

@Suite("Recording and replay")
struct RecordingCommandTests {
    private static let scenario = """
        sagascope: 1
        name: small
        duration: 20s
        services:
          web: {workers: 4, queue: 16, latency: constant 5ms}
          db:  {workers: 4, queue: 16, latency: constant 2ms}
        edges:
          web -> db: {guards: [breaker], breaker: {window: 10 calls, open: 2s}}
        load:
          visitors: {call: web.get, rate: 50/s}
        timeline: |
          at 5s inject error on db for 3s
        """

    private func inFolder(_ body: (URL) throws -> Void) throws {
        try inScratchFolder { folder in
            let text = Self.scenario.replacingOccurrences(
                of: "latency: constant 5ms}", with: "latency: constant 5ms, operations: {get: [call db.read]}}")
            try Data(text.utf8).write(to: folder.appendingPathComponent("a.yaml"))
            try body(folder)
        }
    }

    @Test("a recorded run is run again to the same digests, at its end and at any moment")
    func replay() throws {
        try inFolder { folder in
            let run = try Program(["run", "a.yaml", "--headless", "--record", "a.db"], in: folder)
            #expect(run.status == 2, "\(run.errors)")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(files == ["a.db", "a.yaml"], "a finished recording is one file")
            let replay = try Program(["replay", "a.db", "--headless"], in: folder)
            #expect(replay.status == 0 && replay.errors.contains("the same at"), "\(replay.errors)")
            let earlier = try Program(["replay", "a.db", "--headless", "--at", "6s"], in: folder)
            #expect(earlier.status == 0 && earlier.errors.contains("up to 00:00:06.000"), "\(earlier.errors)")
        }
    }

    @Test("the recording leaves the run as it is")
    func sameDigest() throws {
        try inFolder { folder in
            let plain = try Program(["run", "a.yaml", "--headless", "--report", "json"], in: folder)
            let taped = try Program(
                ["run", "a.yaml", "--headless", "--report", "json", "--record", "a.db"], in: folder)
            func digest(_ program: Program) -> Substring? {
                program.output.split(separator: "\n").first { $0.contains("\"digest\"") }
            }
            #expect(digest(plain) == digest(taped) && digest(plain) != nil)
        }
    }

    @Test("changed settings are recorded too")
    func settings() throws {
        try inFolder { folder in
            let arguments = ["--set", "web.workers=2", "--seed", "9", "--without", "breaker", "--until", "7s"]
            _ = try Program(["run", "a.yaml", "--headless", "--record", "a.db"] + arguments, in: folder)
            let replay = try Program(["replay", "a.db", "--headless"], in: folder)
            #expect(replay.status == 0 && replay.errors.contains("the same at"), "\(replay.errors)")
        }
    }

    @Test("another build's recording is shown, and not run again")
    func otherBuild() throws {
        try inFolder { folder in
            _ = try Program(["run", "a.yaml", "--headless", "--record", "a.db"], in: folder)
            // Another build's fingerprint, put in place of this one's, which has as many digits.
            let file = folder.appendingPathComponent("a.db")
            var data = try Data(contentsOf: file)
            let key = Data("\"build\":\"".utf8)
            let place = try #require(data.range(of: key))
            data.replaceSubrange(place.upperBound..<place.upperBound + 16, with: Data("0000000000000000".utf8))
            try data.write(to: file)
            let replay = try Program(["replay", "a.db", "--at", "15s"], in: folder)
            #expect(replay.status == 0, "\(replay.errors)")
            #expect(replay.output.contains("Another build of sagascope has recorded this"))
            #expect(replay.output.contains("OPENED") && replay.output.contains("\"digest\""))
        }
    }

    @Test("what cannot be recorded or replayed is said in one line")
    func refusals() throws {
        try inFolder { folder in
            try Data("text".utf8).write(to: folder.appendingPathComponent("other"))
            let rows: [([String], Int32, String)] = [
                (["run", "a.yaml", "--headless", "--record", "a.yaml"], 65, "exists already"),
                (["run", "a.yaml", "--headless", "--record", "none/a.db"], 74, "folder"),
                (["run", "a.yaml", "--twice", "--record", "a.db"], 64, "--twice"),
                (["replay", "none.db"], 65, "no such"), (["replay", "other"], 65, "no event store of sagascope"),
            ]
            for (arguments, status, text) in rows {
                let program = try Program(arguments, in: folder)
                #expect(program.status == status && program.errors.contains(text), "\(arguments): \(program.errors)")
                #expect(program.errors.split(separator: "\n").count == 1)
            }
            _ = try Program(["run", "a.yaml", "--headless", "--record", "b.db"], in: folder)
            let late = try Program(["replay", "b.db", "--headless", "--at", "1h"], in: folder)
            #expect(late.status == 64 && late.errors.contains("the recording ends at"))
        }
    }
}
