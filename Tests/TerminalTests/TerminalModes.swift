/// What the escape sequences written so far have done to a terminal.
struct TerminalModes: Equatable {
    var isOnMainScreen = true
    var isCursorShown = true
    var isKeypadNormal = true
    var isPasteBracketed = false
    var isMouseReported = false

    init(after output: String) {
        var rest = output[...]
        while let start = rest.firstIndex(of: "\u{1B}") {
            rest = rest[start...].dropFirst()
            if rest.hasPrefix("=") { isKeypadNormal = false }
            if rest.hasPrefix(">") { isKeypadNormal = true }
            guard rest.hasPrefix("[?") else { continue }
            let parameters = rest.dropFirst(2).prefix { $0.isNumber || $0 == ";" }
            let final = rest.dropFirst(2 + parameters.count).first
            guard final == "h" || final == "l" else { continue }
            for number in parameters.split(separator: ";") { set(String(number), to: final == "h") }
        }
    }

    private mutating func set(_ mode: String, to isOn: Bool) {
        switch mode {
        case "1049": isOnMainScreen = !isOn
        case "25": isCursorShown = isOn
        case "2004": isPasteBracketed = isOn
        case "1000", "1002", "1003", "1006": isMouseReported = isOn
        default: break
        }
    }
}
