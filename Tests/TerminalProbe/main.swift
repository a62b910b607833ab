// A program for the tests to run in a pseudo-terminal: shows a frame, reports each input, and does as keys tell it.
// Reports go line by line to file descriptor 3, so that what is written to the terminal is the terminal's alone.

import Glibc
import Screen
import Terminal

func report(_ line: String) {
    _ = (line + "\n").withCString { write(3, $0, strlen($0)) }
}

func frame(_ number: Int, of terminal: borrowing Terminal) -> Grid {
    let glyphs = terminal.isUTF8 ? Glyphs.unicode : .ascii
    var grid = Grid(width: terminal.size.width, height: terminal.size.height)
    let inside = grid.box(grid.bounds, BoxLabels(title: "Probe"), glyphs: glyphs, style: Style(.cyan, .bold))
    grid.write("frame \(number)", in: inside, glyphs: glyphs, style: Style(.rgb(red: 255, green: 85, blue: 85)))
    grid.write("世界 é ✓ 🔒 \u{1B}[31m", in: inside.line(1), glyphs: glyphs)
    return grid
}

func overflowStack(_ depth: Int) -> Int {
    depth == .max ? 0 : overflowStack(depth + 1) + depth
}

func run() throws(TerminalError) {
    var terminal = try Terminal()
    var number = 0
    terminal.paint(frame(number, of: terminal))
    report("ready \(terminal.size.width)x\(terminal.size.height) \(terminal.colorDepth) utf8=\(terminal.isUTF8)")
    while true {
        guard let input = terminal.nextInput(timeoutMilliseconds: 10_000) else { continue }
        report("input \(input)")
        switch input {
        case .key(.character("q")), .terminate, .hangUp: return
        case .key(.character("b")): _ = [0, 1][number + 2]
        case .key(.character("f")): fatalError("the probe was told to")
        case .key(.character("o")): _ = overflowStack(number)
        case .key(.character("e")): exit(3)
        case .key(.character("a")): abort()
        case .key(.character("d")):
            report("deaf")
            while terminal.size.width >= 0 { pause() }
        case .key(.character("s")):
            report("stubborn")
            while terminal.size.width >= 0 {
                if let ignored = terminal.nextInput(timeoutMilliseconds: 10_000) { report("ignored \(ignored)") }
            }
        case .key(.character("i")):
            // So often that waiting in between would be noticed; input of one window only.
            for _ in 0..<1_000 { terminal.paint(frame(number, of: terminal)) }
            report("painted the same")
        case .key(.character("c")):
            number += 1
            terminal.paint(frame(number, of: terminal))
            report("painted \(number)")
        case .key(.character("r")):
            terminal.redraw()
            report("redrawn")
        case .key(.control("Z")): terminal.suspend()
        case .key, .paste: break
        case .resize, .resumed: terminal.paint(frame(number, of: terminal))
        }
    }
}

do {
    try run()
    report("ended")
} catch {
    report("error \(error)")
    exit(1)
}
