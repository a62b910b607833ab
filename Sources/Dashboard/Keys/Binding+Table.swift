internal import Screen

extension Binding {
    /// Every key, in the order of the help. No key is a function key or needs Alt.
    static let table: [Binding] = time + faults + projections + sagas + looking + front + menu + typing + form + program

    private static let time = [
        Binding(.run(.playPause), " ", in: .panes, .detail, label: "pause", help: "pause the clock, or let it go on"),
        Binding(.run(.rewind), ",", in: .panes, .detail, label: "back 5s", help: "go back 5 s; again to go further"),
        Binding(.run(.stepEvent), ".", in: .panes, .detail, label: "step", help: "go on by one event"),
        Binding(.run(.faster), ">", in: .panes, .detail, label: "faster", help: "twice as fast"),
        Binding(.run(.slower), "<", in: .panes, .detail, label: "slower", help: "half as fast"),
        Binding(.run(.mark), "m", in: .panes, .detail, help: "put a mark at this moment"),
        Binding(.run(.previousMark), "[", in: .panes, .detail, help: "go back to the mark before"),
        Binding(.run(.nextMark), "]", in: .panes, .detail, help: "go on to the next mark"),
    ]

    private static let faults = [
        Binding(.run(.inject), "x", in: .panes, .detail, label: "break", help: "break what is selected: opens a form"),
        Binding(.run(.heal), "h", in: .panes, .detail, label: "heal", help: "heal what is selected"),
        Binding(.run(.healAll), "H", in: .panes, .detail, help: "heal everything"),
    ]

    private static let projections = [
        Binding(
            .run(.replay), "r", in: .panes, .detail, label: "replay",
            help: "a projection or a command bus deals again with its dead letters; asks first"),
        Binding(
            .run(.rebuild), "R", in: .panes, .detail, label: "rebuild",
            help: "make a projection's table anew beside it; asks first"),
        Binding(
            .run(.resume), "u", in: .panes, .detail, label: "go on", help: "let a projection go on that has stopped"),
    ]

    private static let sagas = [
        Binding(
            .saga(.menu), "a", in: .panes, .detail, label: "act",
            help: "act on a saga: retry, skip, cancel and so on; shows what each would do"),
        Binding(
            .saga(.menuForAll), "A", in: .panes, label: "act on all",
            help: "act on all sagas of the list; says how many first"),
        Binding(.saga(.nextView), "v", in: .panes, label: "view", help: "the next view of the sagas"),
        Binding(.saga(.previousView), "V", in: .panes, help: "the view before"),
        Binding(.saga(.nextOrder), "o", in: .panes, label: "order", help: "another order of the sagas"),
        Binding(
            .saga(.keepView), "S", in: .panes, label: "keep view",
            help: "keep this view with its order and filter under a name; no name drops it"),
    ]

    private static let looking = [
        Binding(.page(.overview), "1", in: .panes, .detail, label: "overview", help: "the overview"),
        Binding(.page(.breakers), "2", in: .panes, .detail, label: "breakers", help: "the breakers, one in full"),
        Binding(
            .page(.bulkheads), "3", in: .panes, .detail, label: "bulkheads",
            help: "pools and bulkheads, with retries, hedges, limits"),
        Binding(
            .page(.events), "4", in: .panes, .detail, help: "event stores with their logs, and projections"),
        Binding(.page(.commands), "5", in: .panes, .detail, help: "command buses, and query buses with their shards"),
        Binding(.page(.sagas), "6", in: .panes, .detail, label: "sagas", help: "the sagas, one in full"),
        Binding(
            .page(.caches), "7", in: .panes, .detail,
            help: "caches: their levels, what goes to the origin, what LRU and the optimum would have"),
        Binding(
            .page(.gateway), "8", in: .panes, .detail,
            help: "gateways: routes, what a request passes, backends with their keys, the access log"),
        Binding(.pane(.next), "l", .tab, .right, in: .panes, label: "pane", help: "to the next pane"),
        Binding(.pane(.previous), "", .backTab, .left, in: .panes, help: "to the pane before"),
        Binding(.move(.up), "k", .up, in: .panes, .detail, .reading, .menu, help: "up"),
        Binding(.move(.down), "j", .down, in: .panes, .detail, .reading, .menu, label: "down", help: "down"),
        Binding(.move(.pageUp), "", .pageUp, in: .panes, .detail, .reading, help: "up a page"),
        Binding(.move(.pageDown), "", .pageDown, in: .panes, .detail, .reading, help: "down a page"),
        Binding(.move(.first), "g", .home, in: .panes, .detail, .reading, .menu, help: "to the first line"),
        Binding(.move(.last), "G", .end, in: .panes, .detail, .reading, .menu, help: "to the last line"),
        Binding(
            .pane(.open), "", .enter, in: .panes, label: "open", help: "open what is selected; go to an event's moment"),
        Binding(.run(.why), "w", in: .panes, .detail, label: "why", help: "why did it happen: the chain of causes"),
        Binding(.pane(.zoom), "z", in: .panes, label: "zoom", help: "give the pane the whole screen, or take it back"),
        Binding(.pane(.filter), "/", in: .panes, label: "filter", help: "show only what has a text in it"),
        Binding(
            .pane(.lookUp), "K", in: .panes, .detail, label: "key",
            help: "look a key up in a cache: where it is held, how old, how long yet, who leaves before it"),
        Binding(
            .pane(.setLimit), "L", in: .panes, .detail, label: "limit",
            help: "set the limit of a gateway or of a route: begins the command"),
        Binding(.pane(.follow), "f", in: .panes, help: "follow the newest events, or hold them"),
        Binding(.pane(.back), "", .escape, in: .panes, help: "take back the zoom, go to the overview, drop the filter"),
    ]

    private static let front = [
        Binding(.close, "q", .escape, .enter, in: .detail, label: "back", help: "back to the panes"),
        Binding(.close, "q?", .escape, .enter, in: .reading, label: "back", help: "back to the panes"),
    ]

    private static let menu = [
        Binding(.menu(.choose), "", .enter, in: .menu, label: "choose", help: "choose it; asks before it is done"),
        Binding(
            .menu(.nextStep), "l", .right, in: .menu, label: "other step",
            help: "another step, where it is about one"),
        Binding(.menu(.previousStep), "", .left, in: .menu, help: "the step before"),
        Binding(.close, "qa", .escape, in: .menu, label: "leave", help: "leave it"),
    ]

    private static let typing = [
        Binding(.line(.enter), "", .enter, in: .prompt, label: "do it", help: "do it"),
        Binding(.line(.cancel), "", .escape, in: .prompt, label: "cancel", help: "leave it"),
        Binding(.line(.complete), "", .tab, in: .prompt, label: "complete", help: "complete the word"),
        Binding(.line(.earlier), "", .up, in: .prompt, label: "earlier", help: "an earlier line"),
        Binding(.line(.later), "", .down, in: .prompt, help: "a later line"),
        Binding(.line(.left), "", .left, in: .prompt, help: "a character back"),
        Binding(.line(.right), "", .right, in: .prompt, help: "a character on"),
        Binding(.line(.start), "", .home, .control("A"), in: .prompt, help: "to the start of the line"),
        Binding(.line(.end), "", .end, .control("E"), in: .prompt, help: "to the end of the line"),
        Binding(.line(.eraseBack), "", .backspace, in: .prompt, help: "erase the character before"),
        Binding(.line(.eraseForward), "", .delete, in: .prompt, help: "erase the character after"),
        Binding(.line(.eraseAll), "", .control("U"), in: .prompt, help: "erase all"),
    ]

    private static let form = [
        Binding(.form(.enter), "", .enter, in: .form, label: "break it", help: "inject the fault"),
        Binding(.form(.cancel), "", .escape, in: .form, label: "cancel", help: "leave it"),
        Binding(.form(.nextField), "", .down, .tab, in: .form, label: "next field", help: "to the next field"),
        Binding(.form(.previousField), "", .up, .backTab, in: .form, help: "to the field before"),
        Binding(.form(.nextChoice), "", .right, in: .form, label: "change", help: "the next choice, a larger value"),
        Binding(.form(.previousChoice), "", .left, in: .form, help: "the choice before, a smaller value"),
        Binding(.form(.eraseBack), "", .backspace, in: .form, help: "erase a character of the value"),
        Binding(.form(.eraseAll), "", .control("U"), in: .form, help: "erase the value, to type another"),
    ]

    private static let program = [
        Binding(.run(.prompt), ":", in: .panes, .detail, label: "command", help: "type a command; Tab completes it"),
        Binding(.run(.save), "s", in: .panes, .detail, help: "save this session as a scenario"),
        Binding(.run(.theme), "T", in: .panes, .detail, help: "the next theme"),
        Binding(.run(.help), "?", in: .panes, .detail, label: "help", help: "this help"),
        Binding(.program(.quit), "q", in: .panes, label: "quit", help: "quit"),
        Binding(.program(.quit), "", .control("C"), in: .always, help: "quit"),
        Binding(.program(.redraw), "", .control("L"), in: .always, help: "draw the screen anew"),
        Binding(.program(.suspend), "", .control("Z"), in: .always, help: "suspend the program"),
    ]
}
