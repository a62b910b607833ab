/// A rule in short, without texts and arrays: it lets most good values pass, and leaves all others to the rule itself.
struct FieldCheck: Hashable, Sendable {
    private enum Kind: UInt8 { case any, text, whole, decimal, flag, unsure }

    private let kind: Kind
    let isRequired: Bool
    /// The numbers, or how many Unicode scalars.
    private let wholes: ClosedRange<Int>
    private let decimals: ClosedRange<Double>

    init(_ rule: FieldRule) {
        isRequired = rule.isRequired
        var (wholes, decimals) = (Int.min...Int.max, -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
        switch rule.kind {
        case .any: kind = .any
        case .flag: kind = .flag
        case .text(let text):
            kind = text.oneOf.isEmpty && text.pattern == nil ? .text : .unsure
            wholes = text.length ?? wholes
        case .whole(let range):
            kind = .whole
            wholes = range ?? wholes
        case .decimal(let range):
            kind = .decimal
            if let range { decimals = range.clamped(to: decimals) }
        }
        self.wholes = wholes
        self.decimals = decimals
    }

    /// Whether a value is certainly as the rule says.
    func surelyPasses(_ value: FieldValue) -> Bool {
        switch value {
        case .text(let text):
            // A scalar has one to four bytes, so mostly nothing has to be counted.
            let bytes = text.utf8.count
            return kind == .any || kind == .text && bytes <= wholes.upperBound && (bytes + 3) / 4 >= wholes.lowerBound
        case .whole(let number):
            return kind == .any || kind == .whole && wholes.contains(number)
        case .decimal(let number):
            return kind == .any || kind == .decimal && decimals.contains(number)
        case .flag: return kind == .any || kind == .flag
        case .absent: return kind == .any
        }
    }
}
