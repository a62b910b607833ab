internal import Scenarios
internal import Simulation

// What keys do in what is in front of the panes.

extension Dashboard {
    /// What a key does in a text.
    mutating func actOnReading(_ action: Action, _ reading: Reading) {
        guard action != .back else {
            front = .panes
            return
        }
        var reading = reading
        reading.scroll = Self.scrolled(reading.scroll, action, lines: reading.lines.count, page: height - 4)
        front = .reading(reading)
    }

    /// The first line to show after a key that scrolls.
    static func scrolled(_ scroll: Int, _ action: Action, lines: Int, page: Int) -> Int {
        let page = max(1, page)
        let target =
            switch action {
            case .up: scroll - 1
            case .down: scroll + 1
            case .pageUp: scroll - page
            case .pageDown: scroll + page
            case .first: 0
            case .last: lines
            default: scroll
            }
        return max(0, min(target, lines - page))
    }

    /// What a key does in the line at the bottom.
    mutating func actOnPrompt(_ action: Action, _ prompt: Prompt, _ session: inout Session) -> Effect? {
        var prompt = prompt
        switch action {
        case .enter: return submit(prompt, &session)
        case .cancel:
            front = .panes
            return nil
        case .complete:
            if prompt.purpose == .command {
                prompt.complete(among: Command.completions(of: prompt.editor.head, scenario: session.scenario))
            }
        case .earlier: prompt.recall(-1, from: typed)
        case .later: prompt.recall(1, from: typed)
        case .charBack: prompt.editor.move(to: prompt.editor.cursor - 1)
        case .charForward: prompt.editor.move(to: prompt.editor.cursor + 1)
        case .lineStart: prompt.editor.move(to: 0)
        case .lineEnd: prompt.editor.move(to: .max)
        case .eraseBack: prompt.edit { $0.eraseBack() }
        case .eraseForward: prompt.edit { $0.eraseForward() }
        case .eraseAll: prompt.edit { $0 = LineEditor() }
        default: break
        }
        front = .prompt(prompt)
        return nil
    }

    private static let typedKept = 200

    private mutating func submit(_ prompt: Prompt, _ session: inout Session) -> Effect? {
        front = .panes
        let text = prompt.editor.text
        if prompt.purpose == .filter {
            eventFilter = text
            return nil
        }
        do throws(SyntaxProblem) {
            let command = try Command.parse(text[...], plan: session.original.plan)
            if typed.last != text, !text.isEmpty { typed = typed.suffix(Self.typedKept - 1) + [text] }
            guard let command else { return nil }
            return try tryToPerform(command, &session)
        } catch {
            var prompt = prompt
            prompt.problem = error
            prompt.editor.move(to: error.offset)
            front = .prompt(prompt)
            return nil
        }
    }

    /// What a key does in the form of a fault.
    mutating func actOnForm(_ action: Action, _ form: InjectForm, _ session: inout Session) -> Effect? {
        var form = form
        switch action {
        case .enter:
            do throws(SyntaxProblem) {
                if let command = try Command.parse(form.command[...], plan: session.original.plan) {
                    let effect = try tryToPerform(command, &session)
                    front = .panes
                    typed.append(form.command)
                    return effect
                }
            } catch {
                form.problem = error
            }
        case .cancel:
            front = .panes
            return nil
        case .nextField: form.moveField(1)
        case .previousField: form.moveField(-1)
        case .nextChoice: form.moveChoice(1)
        case .previousChoice: form.moveChoice(-1)
        case .eraseBack: form.edit { $0.eraseBack() }
        case .eraseAll: form.edit { $0 = LineEditor() }
        default: break
        }
        front = .form(form)
        return nil
    }
}
