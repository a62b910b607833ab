import Timeline

/// A way to write values of some kind, with the values that are allowed.
///
/// Every setting of a scenario has one: it reads the setting, and its pattern stands in messages and in the
/// reference.
protocol Notation: Sendable {
    associatedtype Value: Sendable

    /// How such a value is written and which are allowed: `1 to 16`, `a length of time such as 250ms`.
    var pattern: String { get }

    /// Reads a value.
    /// - Throws: what is wrong with it, and how it would be right.
    func read(_ text: String) throws(SyntaxProblem) -> Value
}

extension Notation {
    /// A value that this notation does not take.
    func refusal(of text: some StringProtocol, at offset: Int = 0) -> SyntaxProblem {
        let isNegative = text.first == "-" && text.dropFirst().first?.isNumber == true
        return SyntaxProblem(
            at: offset, "\"\(text.clipped)\" \(isNegative ? "is negative" : "is not allowed here"); write \(pattern)")
    }
}

extension StringProtocol {
    /// The text in a length that fits into a message, without line breaks.
    var clipped: String {
        let line = String(prefix { !$0.isNewline }.prefix(60))
        return line.count < count ? line + "..." : line
    }
}

/// Runs a check of the library, whose message becomes that of a value at its beginning.
func checked<Value>(_ make: () throws(SettingError) -> Value) throws(SyntaxProblem) -> Value {
    do {
        return try make()
    } catch {
        throw SyntaxProblem(at: 0, "\(error)")
    }
}

/// The same of a value that the library has no other name for than its key.
func checkedAlone<Value>(_ make: () throws(SettingError) -> Value) throws(SyntaxProblem) -> Value {
    do {
        return try make()
    } catch {
        throw SyntaxProblem(at: 0, "\(error.given.clipped) is out of range; allowed: \(error.allowed)")
    }
}
