import Testing

private let beginningOfFrame = "\u{1B}[?2026h"
private let endOfFrame = "\u{1B}[?2026l"

@Suite(.serialized) struct PaintingTests {
    @Test("A thousand frames without a change write nothing")
    func unchanged() throws {
        var session = try ProbeSession()
        try session.report("ready")
        try session.written(upTo: endOfFrame)
        session.send("c")
        try session.written(upTo: endOfFrame)
        session.send("i")
        try session.report("painted the same")
        session.send("c")
        // Whatever the thousand frames had written would come before this.
        let written = try session.written(upTo: endOfFrame)
        #expect(written.utf8.count < 60, "\(written.debugDescription)")
        #expect(written.hasPrefix(beginningOfFrame))
    }

    @Test("Wide, accented and other scalars are written as they are, and control characters never")
    func scalars() throws {
        var session = try ProbeSession()
        try session.report("ready")
        let written = try session.written(upTo: "?[31m")
        #expect(written.contains("世界 é ✓ 🔒 ?[31m"))
    }

    @Test("Redrawing sends the whole screen again")
    func redraw() throws {
        var session = try ProbeSession()
        try session.report("ready")
        try session.written(upTo: endOfFrame)
        session.send("r")
        try session.report("redrawn")
        try session.written(upTo: "frame 0")
    }
}
