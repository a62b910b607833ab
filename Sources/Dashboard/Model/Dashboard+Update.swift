public import Scenarios
public import Screen
internal import Simulation

extension Dashboard {
    /// Takes what the terminal says, and changes the dashboard and, by commands, the session.
    public mutating func update(_ input: Input, _ session: inout Session) -> Effect? {
        switch input {
        case .key(let key):
            return press(key, &session)
        case .paste(let text):
            // What is pasted was not typed: outside of a line it would be a row of commands nobody meant.
            type(text)
            return nil
        case .resize(let width, let height):
            self.width = width
            self.height = height
            return .redraw
        case .resumed:
            return .redraw
        case .terminate, .hangUp:
            return .quit
        }
    }

    /// What keys mean now.
    var scope: Scope {
        switch front {
        case .panes: .panes
        case .detail: .detail
        case .reading: .reading
        case .prompt: .prompt
        case .form: .form
        }
    }

    private mutating func press(_ key: Key, _ session: inout Session) -> Effect? {
        let scope = Arrangement.fits(width, height) ? scope : .panes
        guard let action = Binding.action(for: key, in: scope) else {
            if case .character(let scalar) = key { type(String(Character(scalar))) }
            return nil
        }
        if let effect = Self.effect(of: action) { return effect }
        // Where there is no room to show what a key does, it does nothing.
        guard Arrangement.fits(width, height) else { return nil }
        switch front {
        case .panes: return actOnPanes(action, &session)
        case .detail(let scroll): actOnDetail(action, scroll, &session)
        case .reading(let reading): actOnReading(action, reading)
        case .prompt(let prompt): return actOnPrompt(action, prompt, &session)
        case .form(let form): return actOnForm(action, form, &session)
        }
        return nil
    }

    /// What an action asks of the program, whatever is in front.
    private static func effect(of action: Action) -> Effect? {
        if action == .quit { return .quit }
        if action == .redraw { return .redraw }
        return action == .suspend ? .suspend : nil
    }

    /// Types a text into the line that is open, if one is.
    private mutating func type(_ text: String) {
        switch front {
        case .panes, .detail, .reading: break
        case .prompt(var prompt):
            prompt.edit { $0.insert(text) }
            front = .prompt(prompt)
        case .form(var form):
            form.edit { $0.insert(text) }
            front = .form(form)
        }
    }

    /// Carries out a command of a key, and takes in what it changed; what is wrong with it is said.
    @discardableResult
    mutating func perform(_ command: Command, _ session: inout Session) -> Effect? {
        do throws(SyntaxProblem) {
            return try tryToPerform(command, &session)
        } catch {
            notice = Notice(error.message, isProblem: true)
            return nil
        }
    }

    /// Carries out a command, and takes in what it changed.
    mutating func tryToPerform(_ command: Command, _ session: inout Session) throws(SyntaxProblem) -> Effect? {
        notice = nil
        let errand = try session.perform(command)
        takeIn(&session, withSagas: true)
        switch errand {
        case nil: return nil
        case .quit: return .quit
        case .write(let text, let file): return .write(text: text, file: file)
        }
    }
}
