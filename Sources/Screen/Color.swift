/// A colour of text or of what lies behind it.
public enum Color: Hashable, Sendable {
    /// Whatever the person at the terminal has chosen as their foreground or background.
    case `default`
    /// An entry of the terminal's palette: 0-7 the basic colours, 8-15 their bright forms, 16-231 a 6x6x6 cube,
    /// 232-255 a grey ramp.
    case indexed(UInt8)
    /// Red, green and blue, 0-255 each.
    case rgb(red: UInt8, green: UInt8, blue: UInt8)

    /// Palette entry 0.
    public static let black = Color.indexed(0)
    /// Palette entry 1.
    public static let red = Color.indexed(1)
    /// Palette entry 2.
    public static let green = Color.indexed(2)
    /// Palette entry 3.
    public static let yellow = Color.indexed(3)
    /// Palette entry 4.
    public static let blue = Color.indexed(4)
    /// Palette entry 5.
    public static let magenta = Color.indexed(5)
    /// Palette entry 6.
    public static let cyan = Color.indexed(6)
    /// Palette entry 7.
    public static let white = Color.indexed(7)

    /// The colour written as `#rrggbb`; nil for any other text.
    public init?(hex: String) {
        guard hex.utf8.count == 7, hex.hasPrefix("#"), hex.dropFirst().allSatisfy(\.isHexDigit),
            let value = UInt32(hex.dropFirst(), radix: 16)
        else { return nil }
        self = .rgb(
            red: UInt8(truncatingIfNeeded: value >> 16),
            green: UInt8(truncatingIfNeeded: value >> 8),
            blue: UInt8(truncatingIfNeeded: value))
    }
}

extension Color: CustomStringConvertible {
    /// `default`, a basic colour's name, `color N`, or `#rrggbb`.
    public var description: String {
        switch self {
        case .default: return "default"
        case .indexed(let index):
            let basic = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
            return index < 8 ? basic[Int(index)] : "color \(index)"
        case .rgb(let red, let green, let blue):
            return "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }
}
