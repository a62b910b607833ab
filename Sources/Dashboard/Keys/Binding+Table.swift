internal import Screen

extension Binding {
    /// Every key, in the order of the help and the footer. No key is a function key or needs Alt.
    static let table: [Binding] = time + faults + looking + reading + typing + form + program

    private static let time = [
        Binding(.playPause, " ", in: .panes, .detail, label: "play/pause", help: "pause the clock, or let it go on"),
        Binding(.rewind, ",", in: .panes, .detail, label: "back 5s", help: "go back 5 s; again to go further"),
        Binding(.stepEvent, ".", in: .panes, .detail, label: "step", help: "go on by one event"),
        Binding(.faster, ">", in: .panes, .detail, label: "faster", help: "twice as fast"),
        Binding(.slower, "<", in: .panes, .detail, label: "slower", help: "half as fast"),
        Binding(.mark, "m", in: .panes, .detail, help: "put a mark at this moment"),
        Binding(.previousMark, "[", in: .panes, .detail, help: "go back to the mark before"),
        Binding(.nextMark, "]", in: .panes, .detail, help: "go on to the next mark"),
    ]

    private static let faults = [
        Binding(.inject, "x", in: .panes, .detail, label: "break it", help: "break what is selected: opens a form"),
        Binding(.heal, "h", in: .panes, .detail, label: "heal it", help: "heal the selected fault, or what is selected"),
        Binding(.healAll, "H", in: .panes, .detail, help: "heal all faults"),
    ]

    private static let looking = [
        Binding(.nextPane, "l", .tab, .right, in: .panes, label: "pane", help: "to the next pane"),
        Binding(.previousPane, "", .backTab, .left, in: .panes, help: "to the pane before"),
        Binding(.up, "k", .up, in: .panes, .detail, .reading, help: "up"),
        Binding(.down, "j", .down, in: .panes, .detail, .reading, help: "down"),
        Binding(.pageUp, "", .pageUp, in: .panes, .detail, .reading, help: "up a page"),
        Binding(.pageDown, "", .pageDown, in: .panes, .detail, .reading, help: "down a page"),
        Binding(.first, "g", .home, in: .panes, .detail, .reading, help: "to the first line"),
        Binding(.last, "G", .end, in: .panes, .detail, .reading, help: "to the last line"),
        Binding(.open, "", .enter, in: .panes, label: "open", help: "open what is selected; an event: turn the clock to it"),
        Binding(.why, "w", in: .panes, .detail, label: "why", help: "why did it happen: the chain of causes"),
        Binding(.zoom, "z", in: .panes, label: "zoom", help: "give the pane the whole screen, or take it back"),
        Binding(.filter, "/", in: .panes, help: "show only events with a text in them"),
        Binding(.follow, "f", in: .panes, help: "follow the newest events again, or hold them"),
    ]

    private static let reading = [
        Binding(.back, "", .escape, in: .panes, help: "undo zoom, then filter"),
        Binding(.back, "q", .escape, .enter, in: .detail, label: "back", help: "back to the panes"),
        Binding(.back, "q?", .escape, .enter, in: .reading, label: "back", help: "back to the panes"),
    ]

    private static let typing = [
        Binding(.enter, "", .enter, in: .prompt, label: "do it", help: "do it"),
        Binding(.cancel, "", .escape, in: .prompt, label: "cancel", help: "leave it"),
        Binding(.complete, "", .tab, in: .prompt, label: "complete", help: "complete the word"),
        Binding(.earlier, "", .up, in: .prompt, label: "history", help: "an earlier line"),
        Binding(.later, "", .down, in: .prompt, help: "a later line"),
        Binding(.charBack, "", .left, in: .prompt, help: "a character back"),
        Binding(.charForward, "", .right, in: .prompt, help: "a character on"),
        Binding(.lineStart, "", .home, .control("A"), in: .prompt, help: "to the start of the line"),
        Binding(.lineEnd, "", .end, .control("E"), in: .prompt, help: "to the end of the line"),
        Binding(.eraseBack, "", .backspace, in: .prompt, .form, help: "erase the character before"),
        Binding(.eraseForward, "", .delete, in: .prompt, help: "erase the character after"),
        Binding(.eraseAll, "", .control("U"), in: .prompt, .form, help: "erase all"),
    ]

    private static let form = [
        Binding(.enter, "", .enter, in: .form, label: "break it", help: "inject the fault"),
        Binding(.cancel, "", .escape, in: .form, label: "cancel", help: "leave it"),
        Binding(.nextField, "", .down, .tab, in: .form, label: "field", help: "to the next field"),
        Binding(.previousField, "", .up, .backTab, in: .form, help: "to the field before"),
        Binding(.nextChoice, "", .right, in: .form, label: "change", help: "the next choice, or a larger value"),
        Binding(.previousChoice, "", .left, in: .form, help: "the choice before, or a smaller value"),
    ]

    private static let program = [
        Binding(.prompt, ":", in: .panes, .detail, label: "command", help: "type a command"),
        Binding(.save, "s", in: .panes, .detail, help: "save this session as a scenario"),
        Binding(.theme, "T", in: .panes, .detail, help: "the next theme"),
        Binding(.help, "?", in: .panes, .detail, label: "help", help: "all keys"),
        Binding(.redraw, "", .control("L"), in: .always, help: "draw the screen anew"),
        Binding(.suspend, "", .control("Z"), in: .always, help: "suspend the program"),
        Binding(.quit, "q", in: .panes, label: "quit", help: "quit"),
        Binding(.quit, "", .control("C"), in: .always, help: "quit"),
    ]
}
