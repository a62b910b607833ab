internal import Timeline

/// Numbers as the panes write them: short, and of a steady width where they change often.
enum Figures {
    /// A count with its thousands apart: `12,431`.
    static func count(_ value: some BinaryInteger) -> String {
        let digits = String(value.magnitude)
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// A count in at most five columns: `831`, `3.1k`, `120k`, `2.4M`.
    static func short(_ value: Double) -> String {
        switch abs(value) {
        case ..<1_000: decimal(value, places: 0)
        case ..<9_950: withoutZero(decimal(value / 1_000, places: 1)) + "k"
        case ..<999_500: decimal(value / 1_000, places: 0) + "k"
        case ..<9_950_000: withoutZero(decimal(value / 1_000_000, places: 1)) + "M"
        default: decimal(value / 1_000_000, places: 0) + "M"
        }
    }

    /// How much there is of how much: `3/16`, `786/1k`, `6669/100k`; at most nine columns, seven below a thousand.
    static func ratio(_ part: Int, _ whole: Int) -> String {
        let exact = "\(part)/\(whole)"
        guard whole >= 1_000 else { return exact }
        return "\(part < 10_000 ? "\(part)" : short(Double(part)))/\(short(Double(whole)))"
    }

    /// A count of things: `1 call`, `2,000 calls`, `3 entries`.
    static func count(_ value: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? one : many ?? one + "s")"
    }

    private static func withoutZero(_ text: String) -> String {
        text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A rate per second: `0.3`, `59`, `1.2k`.
    static func rate(_ perSecond: Double) -> String {
        perSecond == 0 ? "0" : perSecond < 9.95 ? decimal(perSecond, places: 1) : short(perSecond)
    }

    /// A share from 0 to 1 as a percentage; `-` for what is not a number.
    ///
    /// Only everything is `100%` and only nothing is `0%`: in between it is at least `1%` and at most `99%`.
    static func percent(_ share: Double?) -> String {
        guard let share, !share.isNaN else { return "-" }
        guard share > 0, share < 1 else { return decimal(share * 100, places: 0) + "%" }
        return decimal(max(1, min(99, share * 100)), places: 0) + "%"
    }

    /// A share with one decimal near its ends, where one in a thousand matters: `99.9%`, `0.1%`.
    static func exactPercent(_ share: Double?) -> String {
        guard let share, !share.isNaN else { return "-" }
        let percent = share * 100
        if percent > 99, percent < 100 { return decimal(min(99.9, percent), places: 1) + "%" }
        if percent > 0, percent < 10 { return decimal(max(0.1, percent), places: 1) + "%" }
        return decimal(percent, places: 0) + "%"
    }

    /// A share with one decimal, so that parts add up: `97.1%`; only everything is `100%` and only nothing is `0%`.
    static func tenths(_ share: Double?) -> String {
        guard let share, share > 0, share < 1 else { return percent(share) }
        return decimal(max(0.1, min(99.9, share * 100)), places: 1) + "%"
    }

    /// A length of time in at most five columns: `850us`, `41ms`, `2.3s`, `14s`, `3m05`.
    static func length(_ length: Duration?) -> String {
        guard let length else { return "-" }
        let seconds = length.seconds
        switch abs(seconds) {
        case 0: return "0s"
        case ..<0.000_9995: return decimal(seconds * 1e6, places: 0) + "us"
        case ..<0.00995: return decimal(seconds * 1e3, places: 1) + "ms"
        case ..<0.9995: return decimal(seconds * 1e3, places: 0) + "ms"
        default: return longLength(seconds)
        }
    }

    /// How long until something, or since: tenths of a second, so that it ticks evenly.
    static func ticking(_ length: Duration) -> String {
        let seconds = max(0, length.seconds)
        return seconds < 99.95 ? decimal(seconds, places: 1) + "s" : longLength(seconds)
    }

    private static func longLength(_ seconds: Double) -> String {
        switch abs(seconds) {
        case ..<9.95: return decimal(seconds, places: 1) + "s"
        case ..<99.5: return decimal(seconds, places: 0) + "s"
        default:
            let whole = Int64(min(abs(seconds).rounded(), 1e15))
            let (small, big) = whole < 3_600 ? (whole % 60, whole / 60) : (whole / 60 % 60, whole / 3_600)
            return "\(seconds < 0 ? "-" : "")\(big)\(whole < 3_600 ? "m" : "h")\(small < 10 ? "0" : "")\(small)"
        }
    }

    /// A number with so many decimals, at most 3.
    static func decimal(_ value: Double, places: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return value.isNaN ? "-" : value < 0 ? "-inf" : "inf" }
        let scale = [1, 10, 100, 1_000][places]
        let scaled = Int64((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(scaled)" }
        let digits = String(scaled % Int64(scale) + Int64(scale)).dropFirst()
        return "\(sign)\(scaled / Int64(scale)).\(digits)"
    }

    /// A moment as a list shows it, without hours in the first one: `01:23.450`.
    static func clock(_ moment: Instant) -> String {
        let text = moment.description
        return text.hasPrefix("00:") ? String(text.dropFirst(3)) : text
    }

    /// An amount of money with its thousands apart: `12,431.07`.
    static func money(_ cents: Int64) -> String {
        let digits = String(cents.magnitude % 100 + 100).dropFirst()
        return "\(cents < 0 ? "-" : "")\(count(cents.magnitude / 100)).\(digits)"
    }

    /// `never`, `once`, `twice`, `3 times`.
    static func times(_ count: Int) -> String {
        switch count {
        case 0: "never"
        case 1: "once"
        case 2: "twice"
        default: "\(Figures.count(count)) times"
        }
    }
}
