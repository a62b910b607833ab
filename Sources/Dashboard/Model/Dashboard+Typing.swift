internal import Scenarios

// What keys do in the line at the bottom and in the form of a fault.

extension Dashboard {
    /// Does something with the line at the bottom.
    mutating func act(_ action: LineAction, _ session: inout Session) -> Effect? {
        guard case .prompt(var prompt) = front else { return nil }
        switch action {
        case .enter: return submit(prompt, &session)
        case .cancel:
            front = prompt.isOverDetail ? .detail(scroll: 0) : .panes
            return nil
        case .complete:
            if prompt.purpose == .command {
                prompt.complete(to: Command.completions(of: prompt.editor.head, scenario: session.scenario))
            }
        case .earlier: prompt.recall(-1, from: typed)
        case .later: prompt.recall(1, from: typed)
        case .left: prompt.editor.move(to: prompt.editor.cursor - 1)
        case .right: prompt.editor.move(to: prompt.editor.cursor + 1)
        case .start: prompt.editor.move(to: 0)
        case .end: prompt.editor.move(to: .max)
        case .eraseBack: prompt.edit { $0.eraseBack() }
        case .eraseForward: prompt.edit { $0.eraseForward() }
        case .eraseAll: prompt.edit { $0 = LineEditor() }
        }
        front = .prompt(prompt)
        return nil
    }

    private mutating func submit(_ prompt: Prompt, _ session: inout Session) -> Effect? {
        let text = prompt.editor.text
        front = .panes
        if prompt.purpose == .filter {
            switch page {
            case .events: logFilter = text
            case .gateway: accessFilter = text
            case .sagas: sagaQuery.text = text
            default: eventFilter = text
            }
            return nil
        }
        if case .cacheKey = prompt.purpose {
            askedKey = text
            front = .detail(scroll: 0)
            return nil
        }
        if prompt.purpose == .viewName {
            keepView(text)
            return nil
        }
        do throws(SyntaxProblem) {
            guard let command = try Command.parse(text[...], plan: session.original.plan) else { return nil }
            remember(text)
            if prompt.batch.count > 1, case .order(let line) = command {
                order(line, of: prompt.batch, &session)
                return nil
            }
            return try tryToPerform(command, &session)
        } catch {
            var prompt = prompt
            prompt.problem = error
            prompt.editor.move(to: error.offset)
            front = .prompt(prompt)
            return nil
        }
    }

    private static let typedKept = 200

    /// Keeps a line for the prompt's history.
    private mutating func remember(_ text: String) {
        if typed.last != text { typed = typed.suffix(Self.typedKept - 1) + [text] }
    }

    /// Does something with the form of a fault.
    mutating func act(_ action: FormAction, _ session: inout Session) -> Effect? {
        guard case .form(var form) = front else { return nil }
        switch action {
        case .enter: return submit(form, &session)
        case .cancel:
            front = .panes
            return nil
        case .nextField: form.moveField(1)
        case .previousField: form.moveField(-1)
        case .nextChoice: form.moveChoice(1)
        case .previousChoice: form.moveChoice(-1)
        case .eraseBack: form.edit { $0.eraseBack() }
        case .eraseAll: form.edit { $0 = LineEditor() }
        }
        front = .form(form)
        return nil
    }

    private mutating func submit(_ form: InjectForm, _ session: inout Session) -> Effect? {
        do throws(SyntaxProblem) {
            guard let command = try Command.parse(form.command[...], plan: session.original.plan) else { return nil }
            let effect = try tryToPerform(command, &session)
            remember(form.command)
            front = .panes
            return effect
        } catch {
            var form = form
            form.problem = error
            front = .form(form)
            return nil
        }
    }
}
