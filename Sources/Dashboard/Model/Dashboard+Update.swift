public import Scenarios
public import Screen
internal import Simulation

extension Dashboard {
    /// Takes what the terminal says, and changes the dashboard and, by commands, the session.
    public mutating func update(_ input: Input, _ session: inout Session) -> Effect? {
        switch input {
        case .key(let key):
            defer {
                takeInSagas(session)
                takeInFlows(session)
                takeInHindsights(session)
                takeInRoutes(session)
            }
            return press(key, &session)
        case .paste(let text):
            // What is pasted was not typed: outside of a line it would be a row of commands that nobody meant.
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
        case .menu: .menu
        }
    }

    private mutating func press(_ key: Key, _ session: inout Session) -> Effect? {
        // Where there is no room to show what a key does, only leaving is safe.
        let isBlind = !Arrangement.fits(width, height)
        guard let action = Binding.action(for: key, in: isBlind ? .panes : scope) else {
            if !isBlind, case .character(let scalar) = key { type(String(Character(scalar))) }
            return nil
        }
        switch action {
        case .program(let action): return Self.effect(of: action)
        case _ where isBlind: return nil
        case .run(let action): act(action, &session)
        case .pane(let action): act(action, &session)
        case .page(let page): go(to: page, session)
        case .move(let move): go(move, session)
        case .close: close()
        case .saga(let action): act(action, &session)
        case .menu(let action): act(action, &session)
        case .line(let action): return act(action, &session)
        case .form(let action): return act(action, &session)
        }
        return nil
    }

    /// Closes what is in front of the panes; a menu that was opened from a detail leads back there.
    private mutating func close() {
        if case .menu(let menu) = front, menu.isOverDetail { front = .detail(scroll: 0) } else { front = .panes }
    }

    private static func effect(of action: ProgramAction) -> Effect {
        switch action {
        case .redraw: .redraw
        case .suspend: .suspend
        case .quit: .quit
        }
    }

    /// Types a text into the line or the form that is open, if one is.
    private mutating func type(_ text: String) {
        switch front {
        case .panes, .detail, .reading, .menu: break
        case .prompt(var prompt):
            prompt.edit { $0.insert(text) }
            front = .prompt(prompt)
        case .form(var form):
            form.edit { $0.insert(text) }
            front = .form(form)
        }
    }

    /// Carries out a command of a key, and takes in what it changed; what is wrong with it is said.
    mutating func perform(_ command: Command, _ session: inout Session) {
        do throws(SyntaxProblem) {
            _ = try tryToPerform(command, &session)
        } catch {
            say(error.message, isProblem: true)
        }
    }

    /// Carries out a command, and takes in what it changed.
    mutating func tryToPerform(_ command: Command, _ session: inout Session) throws(SyntaxProblem) -> Effect? {
        notice = nil
        let errand = try session.perform(command)
        takeIn(&session, withSample: true)
        switch errand {
        case nil: return nil
        case .quit: return .quit
        case .write(let text, let file): return .write(text: text, file: file)
        }
    }
}
