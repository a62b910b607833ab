import Foundation
import Testing

@Suite("Command line")
struct CommandLineTests {
    /// A small system with an expectation that holds for this many milliseconds and less.
    private func scenario(_ expect: String, duration: String = "2s") -> String {
        """
        sagascope: 1
        name: small
        duration: \(duration)
        services:
          web: {workers: 4, queue: 16, latency: constant 5ms}
        load:
          visitors: {call: web.get, rate: 50/s}
        expect: |
          \(expect)
        """
    }

    private func run(_ arguments: [String], _ files: [String: String]) throws -> Program {
        try inScratchFolder { folder in
            for (name, text) in files {
                try Data(text.utf8).write(to: folder.appendingPathComponent(name))
            }
            return try Program(arguments, in: folder)
        }
    }

    @Test(
        "check says with its status how the expectations were met",
        arguments: [
            ("at end p99(web.get) < 10ms", 0), ("at end p99(web.get) < 1ms", 1), ("", 2),
            ("by 1s p99(web.put) < 1ms", 65),
        ])
    func verdicts(expect: String, status: Int32) throws {
        let program = try run(["check", "a.yaml"], ["a.yaml": scenario(expect)])
        #expect(program.status == status, "\(program.output)\(program.errors)")
    }

    @Test("over several files fail beats inconclusive beats pass")
    func worstVerdict() throws {
        let files = [
            "pass.yaml": scenario("at end p99(web.get) < 10ms"), "fail.yaml": scenario("at end p99(web.get) < 1ms"),
            "open.yaml": scenario(""),
        ]
        #expect(try run(["check", "pass.yaml", "open.yaml"], files).status == 2)
        #expect(try run(["check", "open.yaml", "fail.yaml", "pass.yaml"], files).status == 1)
    }

    @Test(
        "what cannot be used is told in one line, with status 65",
        arguments: [
            ("empty", ""), ("binary", "\u{0}\u{1}ELF"), ("unknown key", "sagascope: 1\nname: x\nservces: {}\n"),
            ("no unit", "sagascope: 1\nname: x\nduration: 3\n"),
        ])
    func badInput(what: String, text: String) throws {
        for command in ["check", "validate"] {
            let program = try run([command, "bad.yaml"], ["bad.yaml": text])
            #expect(program.status == 65, "\(what): \(program.errors)")
            #expect(program.errors.hasPrefix("bad.yaml:"), "\(what): \(program.errors)")
            #expect(!program.output.contains("pass"))
        }
    }

    @Test("a folder, a missing file and an unknown name are told apart")
    func noFile() throws {
        try inScratchFolder { folder in
            let directory = try Program(["check", "."], in: folder)
            #expect(directory.status == 65 && directory.errors.contains("folder"))
            let missing = try Program(["check", "slow-paiment"], in: folder)
            #expect(missing.status == 65 && missing.errors.contains("did you mean \"slow-payment\"?"))
        }
    }

    @Test("a run can be told as the journey of one request")
    func journey() throws {
        let one = try run(["run", "a.yaml", "--headless", "--trace-one"], ["a.yaml": scenario("")])
        #expect(one.status == 0, "\(one.errors)")
        #expect(one.output.contains("Request 1") && one.output.contains("web.get: done"))
        let none = try run(["run", "a.yaml", "--trace-request", "9999"], ["a.yaml": scenario("")])
        #expect(none.status == 64 && none.errors.contains("9999"))
    }

    @Test(
        "bad usage has status 64",
        arguments: [
            ["check"], ["run", "checkout", "--speed", "0"], ["run", "checkout", "--until", "5"],
            ["run", "checkout", "--set", "x"],
            ["run", "checkout", "--nonsense"], ["help", "scenari"],
        ])
    func badUsage(arguments: [String]) throws {
        let program = try Program(arguments)
        #expect(program.status == 64, "\(program.errors)")
        #expect(!program.errors.isEmpty)
    }

    @Test("the shipped scenarios and themes are found from any folder")
    func list() throws {
        try inScratchFolder { folder in
            let program = try Program(["list"], in: folder)
            #expect(program.status == 0)
            for name in ["checkout", "slow-payment", "dark", "light"] { #expect(program.output.contains(name)) }
        }
    }

    @Test("list tells every line of a theme that cannot be read")
    func badTheme() throws {
        try inScratchFolder { folder in
            let themes = folder.appendingPathComponent("sagascope/themes")
            try FileManager.default.createDirectory(at: themes, withIntermediateDirectories: true)
            try Data("name = odd\nbordre = default\n\nborder = pinkish\n".utf8)
                .write(to: themes.appendingPathComponent("odd.theme"))
            try Data([0xFF, 0xFE, 0xFF]).write(to: themes.appendingPathComponent("torn.theme"))
            let program = try Program(["list"], in: folder, environment: ["XDG_DATA_HOME": folder.path])
            let lines = program.errors.split(separator: "\n").map { $0.split(separator: "/").last ?? "" }
            #expect(program.status == 0 && lines.count == 3, "\(program.errors)")
            for (line, start) in zip(lines, ["odd.theme:2:1: ", "odd.theme:4:10: ", "torn.theme: "]) {
                #expect(line.hasPrefix(start), "\(program.errors)")
            }
        }
    }

    @Test("the same seed gives the same digest, another seed another one")
    func digests() throws {
        func digest(_ seed: Int) throws -> Substring? {
            let report = try run(
                ["run", "a.yaml", "--headless", "--seed", "\(seed)", "--report", "json"],
                ["a.yaml": scenario("at end p99(web.get) < 10ms")])
            #expect(report.status == 0, "\(report.errors)")
            return report.output.split(separator: "\n").first { $0.contains("\"digest\"") }
        }
        let (first, again, other) = (try digest(1), try digest(1), try digest(2))
        #expect(first != nil && first == again && first != other)
    }

    @Test("what is left out with a pattern is told")
    func omitted() throws {
        let text = """
            sagascope: 1
            name: guarded
            duration: 2s
            services: {web: {workers: 4}, store: {workers: 4}}
            edges:
              web -> store: {guards: [breaker]}
            load:
              visitors: {call: web.get, rate: 50/s}
            timeline: |
              at 1s force store open
            expect: |
              at end p99(web.get) < 10ms
              by 1s  breaker store is open

            """
        let program = try run(["check", "a.yaml", "--without", "breaker"], ["a.yaml": text])
        #expect(program.status == 0, "\(program.output)\(program.errors)")
        #expect(
            program.errors == """
                guarded: left out with the breaker: at 1s force store open
                guarded: left out with the breaker: by 1s  breaker store is open

                """)
        #expect(try run(["check", "a.yaml"], ["a.yaml": text]).errors.isEmpty)
    }

    @Test("--twice compares two runs", arguments: ["run", "check"])
    func twice(command: String) throws {
        let program = try run([command, "a.yaml", "--twice"], ["a.yaml": scenario("at end p99(web.get) < 10ms")])
        #expect(program.status == 0 && program.errors.contains("both times"))
    }

    @Test("a new scenario is valid, passes, and is never written over another file")
    func new() throws {
        try inScratchFolder { folder in
            let statuses = try [["new", "mine.yaml"], ["check", "mine.yaml"], ["new", "mine.yaml"]].map {
                try Program($0, in: folder).status
            }
            #expect(statuses == [0, 0, 65])
        }
    }

    @Test(
        "the language is explained from its tables", arguments: ["scenario", "commands", "expect", "metrics", "report"])
    func help(topic: String) throws {
        let program = try Program(["help", topic])
        #expect(program.status == 0 && program.output.count > 400)
    }

    @Test("without a terminal a scenario is told as lines of text")
    func lines() throws {
        let text =
            scenario("at end p99(web.get) < 10ms")
            + "\ntimeline: |\n  at 1s caption \"now\"\n  at 1s inject error on web for 1s\n"
        let program = try run(["a.yaml"], ["a.yaml": text])
        #expect(program.status == 0)
        #expect(program.output.contains("\"now\"") && program.output.contains("injected"))
        #expect(!program.output.contains("\u{1B}"))
    }

    @Test("a report that cannot be written is told")
    func cannotWrite() throws {
        let program = try run(
            ["run", "a.yaml", "--headless", "--out", "nowhere/report.txt"],
            ["a.yaml": scenario("at end p99(web.get) < 10ms")])
        #expect(program.status == 74 && program.errors.contains("nowhere/report.txt"))
    }
}
