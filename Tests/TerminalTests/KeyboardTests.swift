import Testing

@Suite(.serialized) struct KeyboardTests {
    @Test(
        "Keys are told apart by what the terminal sends",
        arguments: [
            ("x", "key(x)"), ("é", "key(é)"), ("世", "key(世)"), ("🔒", "key(🔒)"), (" ", "key(Space)"),
            ("\t", "key(Tab)"), ("\r", "key(Enter)"), ("\n", "key(Enter)"), ("\u{7F}", "key(Backspace)"),
            ("\u{8}", "key(Backspace)"), ("\u{3}", "key(Ctrl-C)"), ("\u{12}", "key(Ctrl-R)"),
            ("\u{1C}", "key(Ctrl-\\)"),
            ("\u{1B}", "key(Esc)"), ("\u{1B}OA", "key(Up)"), ("\u{1B}OB", "key(Down)"), ("\u{1B}OC", "key(Right)"),
            ("\u{1B}OD", "key(Left)"), ("\u{1B}OH", "key(Home)"), ("\u{1B}OF", "key(End)"), ("\u{1B}[5~", "key(PgUp)"),
            ("\u{1B}[6~", "key(PgDn)"), ("\u{1B}[3~", "key(Delete)"), ("\u{1B}[2~", "key(Insert)"),
            ("\u{1B}[Z", "key(Shift-Tab)"), ("\u{1B}OP", "key(F1)"), ("\u{1B}[24~", "key(F12)"),
        ])
    func keys(bytes: String, expected: String) throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send(bytes)
        let reported = try session.nextReport()
        #expect(reported == "input \(expected)")
    }

    @Test(
        "A sequence that means nothing here is swallowed, and none of its characters is taken for a key",
        arguments: ["\u{1B}[<0;5;6M", "\u{1B}[1;9X", "\u{1B}[?62c", "\u{1B}Oz"])
    func unknownSequences(bytes: String) throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send(bytes + "x")
        let reported = try session.nextReport()
        #expect(reported == "input key(x)")
    }

    @Test("Esc and a character sent together are two keys, in this order")
    func escapeThenCharacter() throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send("\u{1B}x")
        let reported = try session.nextReport()
        #expect(reported == "input key(Esc)")
        let next = try session.nextReport()
        #expect(next == "input key(x)")
    }

    @Test("Keys sent at one go arrive one by one")
    func burst() throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send("xy\u{1B}OAz")
        var reports: [String] = []
        for _ in 0..<4 { reports.append(try session.nextReport()) }
        #expect(reports == ["input key(x)", "input key(y)", "input key(Up)", "input key(z)"])
    }

    @Test("What is pasted arrives as one text, and none of it as a command")
    func paste() throws {
        var session = try ProbeSession()
        try session.report("ready")
        session.send("\u{1B}[200~quit q\rnow é\u{1B}[201~x")
        let reported = try session.nextReport()
        #expect(reported == #"input paste("quit q\nnow é")"#)
        let next = try session.nextReport()
        #expect(next == "input key(x)")
    }
}
