internal import CTerminal
public import Screen

extension Terminal {
    /// Waits for the next input; nil when nothing came in time.
    /// - Parameter timeoutMilliseconds: how long to wait at most; negative waits for ever.
    public mutating func nextInput(timeoutMilliseconds: Int) -> Input? {
        if !pendingInputs.isEmpty { return pendingInputs.removeFirst() }
        let timeout = Int32(clamping: timeoutMilliseconds)
        return input(from: ct_next(timeout))
    }

    private mutating func input(from event: ct_event) -> Input? {
        switch event.kind {
        case CT_SCALAR: return typed(event.code)
        case CT_KEY: return Key(number: event.code).map(Input.key)
        case CT_FUNCTION_KEY: return .key(.function(Int(event.code)))
        case CT_PASTE_BEGINS: return pasted()
        case CT_RESIZED: return .resize(width: size.width, height: size.height)
        case CT_STOP_ASKED:
            ct_suspend(false)
            return .resumed
        case CT_CONTINUED:
            ct_resume()
            return .resumed
        case CT_END_ASKED: return .terminate
        case CT_HUNG_UP: return .hangUp
        default: return nil
        }
    }

    private mutating func typed(_ code: UInt32) -> Input? {
        switch code {
        case 0x1B: return isUnknownSequence() ? nil : .key(.escape)
        case 0x09: return .key(.tab)
        case 0x0A, 0x0D: return .key(.enter)
        case 0x08, 0x7F: return .key(.backspace)
        case ..<0x20: return Unicode.Scalar(code + 0x40).flatMap(Key.init(controlled:)).map(Input.key)
        case 0x80...0x9F: return nil
        default: return Unicode.Scalar(code).map { .key(.character($0)) }
        }
    }

    /// Whether what follows Esc at once is a key's or the mouse's sequence that ncurses does not know.
    ///
    /// Such a one is swallowed: its characters were not typed, and each could be a command.
    private mutating func isUnknownSequence() -> Bool {
        let event = ct_next(0)
        guard event.kind == CT_SCALAR, event.code == 0x5B || event.code == 0x4F else {
            if let next = input(from: event) { pendingInputs.append(next) }
            return false
        }
        let finalBytes: ClosedRange<UInt32> = 0x40...0x7E
        for _ in 0..<64 {
            let part = ct_next(0)
            guard part.kind == CT_SCALAR else {
                if let next = input(from: part) { pendingInputs.append(next) }
                break
            }
            if finalBytes.contains(part.code) { break }
        }
        return true
    }

    /// Collects a paste up to its end, or until nothing more comes.
    private mutating func pasted() -> Input {
        let longest = 65_536
        let patienceMilliseconds: Int32 = 1_000
        var text = String.UnicodeScalarView()
        var length = 0
        while true {
            let event = ct_next(patienceMilliseconds)
            switch event.kind {
            case CT_SCALAR:
                length += 1
                let scalar = event.code == 0x0D ? "\n" : Unicode.Scalar(event.code)
                if length <= longest, let scalar { text.append(scalar) }
            case CT_KEY, CT_FUNCTION_KEY, CT_PASTE_BEGINS: break
            case CT_NOTHING, CT_PASTE_ENDS: return .paste(String(text))
            default:
                // A signal or the end of the terminal does not wait for the paste.
                if let next = input(from: event) { pendingInputs.append(next) }
                if event.kind == CT_HUNG_UP || event.kind == CT_END_ASKED { return .paste(String(text)) }
            }
        }
    }
}

extension Key {
    /// The key that has this number among `ct_key`; nil for one that has no name here.
    fileprivate init?(number: UInt32) {
        switch ct_key(number) {
        case CT_KEY_UP: self = .up
        case CT_KEY_DOWN: self = .down
        case CT_KEY_LEFT: self = .left
        case CT_KEY_RIGHT: self = .right
        case CT_KEY_HOME: self = .home
        case CT_KEY_END: self = .end
        case CT_KEY_PAGE_UP: self = .pageUp
        case CT_KEY_PAGE_DOWN: self = .pageDown
        case CT_KEY_BACK_TAB: self = .backTab
        case CT_KEY_ENTER: self = .enter
        case CT_KEY_BACKSPACE: self = .backspace
        case CT_KEY_DELETE: self = .delete
        case CT_KEY_INSERT: self = .insert
        default: return nil
        }
    }
}
