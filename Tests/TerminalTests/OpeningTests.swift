import Testing

@Suite(.serialized) struct OpeningTests {
    @Test(
        "Colours are what the terminal has, and none with NO_COLOR",
        arguments: [
            ("xterm-256color", "", "indexed256"), ("xterm", "", "ansi8"), ("linux", "", "ansi8"), ("vt100", "", "mono"),
            ("xterm-256color", "1", "mono"), ("screen-256color", "", "indexed256"),
        ])
    func depth(terminal: String, noColor: String, depth: String) throws {
        var session = try ProbeSession(environment: ["TERM": terminal, "NO_COLOR": noColor])
        let reported = try session.report("ready")
        #expect(reported == "ready 80x24 \(depth) utf8=true")
        let written = try session.written(upTo: "frame 0")
        #expect(written.contains("\u{1B}[3") == (depth != "mono"))
        session.send("q")
        let ending = try session.ending()
        #expect(ending == .exited(0))
    }

    @Test("Without UTF-8 nothing but ASCII is written")
    func ascii() throws {
        var session = try ProbeSession(environment: ["LC_ALL": "C"])
        let reported = try session.report("ready")
        #expect(reported.hasSuffix("utf8=false"))
        session.send("q")
        _ = try session.ending()
        session.readRest()
        let output = session.output
        let isASCII = output.allSatisfy(\.isASCII)
        #expect(isASCII)
        #expect(output.contains("+-") && output.contains("frame 0"))
    }

    @Test(
        "A terminal that cannot be painted on is refused, and nothing is written to it",
        arguments: [
            ("", "TERM is unset or names an unknown terminal"), ("bogus", "TERM is unset or names an unknown terminal"),
            ("dumb", "this terminal cannot move its cursor"),
        ])
    func refused(terminal: String, message: String) throws {
        var session = try ProbeSession(environment: ["TERM": terminal])
        let reported = try session.nextReport()
        #expect(reported == "error \(message)")
        let ending = try session.ending()
        #expect(ending == .exited(1))
        let hasModesOfBefore = session.hasModesOfBefore
        session.readRest()
        let output = session.output
        #expect(output.isEmpty && hasModesOfBefore)
    }

    @Test("LINES and COLUMNS do not freeze the size")
    func environmentSize() throws {
        var session = try ProbeSession(environment: ["LINES": "10", "COLUMNS": "10"], width: 100, height: 30)
        let reported = try session.report("ready")
        #expect(reported.hasPrefix("ready 100x30"))
    }
}
