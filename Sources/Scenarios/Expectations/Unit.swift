import Simulation
import Timeline

/// What a number is a number of. Numbers of different units cannot be compared.
public enum Unit: String, Hashable, Sendable {
    /// Things that are counted.
    case count = "a count"
    /// Lengths of time, in nanoseconds.
    case time = "a duration"
    /// Shares, from 0 to 1.
    case share = "a share"
    /// Things in a second.
    case rate = "a rate"
    /// Money, in cents.
    case money = "an amount of money"

    /// A number of this unit as a literal.
    var example: String {
        switch self {
        case .count: "100"
        case .time: "100ms"
        case .share: "10%"
        case .rate: "100/s"
        case .money: "100.00"
        }
    }

    /// A measured number, rounded for people.
    func text(_ value: Double) -> String {
        switch self {
        case .count: Decimals.rounded(value, 1)
        case .time: Duration(roundingNanoseconds: value).description
        case .share: "\(Decimals.rounded(value * 100, 2))%"
        case .rate: "\(Decimals.rounded(value, 2))/s"
        case .money: Why.money(Int64(exactly: value.rounded()) ?? .max)
        }
    }
}

/// A number that somebody wrote, with its unit.
public struct Quantity: Hashable, Sendable {
    /// The number, in the unit's own measure.
    public let value: Double
    /// The unit; nil for a plain 0, which goes with all of them.
    public let unit: Unit?

    /// Reads `100`, `100ms`, `10%`, `100/s` or `100.00`.
    ///
    /// Sums may come to more than a setting can be, so shares and amounts have no upper limit here.
    /// - Throws: what is wrong with anything else.
    init(parsing text: String) throws(SyntaxProblem) {
        let number = LeadingNumber(startOf: text)
        if let number, number.rest == "%" {
            (value, unit) = (number.hundredth, .share)
        } else if number?.rest.first == "/" {
            (value, unit) = (try RateNotation().read(text), .rate)
        } else if let count = Int(text), number != nil {
            (value, unit) = (Double(count), count == 0 ? nil : .count)
        } else if let cents = MoneyNotation.cents(text) {
            (value, unit) = (Double(cents), .money)
        } else if let length = Duration(parsing: text) {
            (value, unit) = (Double(length.nanoseconds), .time)
        } else {
            throw SyntaxProblem(at: 0, "\"\(text.clipped)\" is no number; write 5, 5ms, 5%, 5/s or 5.00")
        }
    }
}

extension Quantity: CustomStringConvertible {
    /// The number as it reads back.
    public var description: String {
        switch unit {
        case nil: "0"
        case .count: Decimals.text(value)
        case .time: Duration(roundingNanoseconds: value).exactText
        case .share: Decimals.percent(value)
        case .rate: "\(Decimals.text(value))/s"
        case .money: Why.money(Int64(exactly: value) ?? .max)
        }
    }
}
