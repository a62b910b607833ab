internal import EventSourcing

extension Position {
    /// The position so many places later, or earlier; what lies beyond the last number there is counts as that.
    func moved(by count: Int64) -> Position {
        let (sum, overflow) = number.addingReportingOverflow(count)
        return Position(overflow ? (count < 0 ? .min : .max) : sum)
    }

    /// By how many places this position is the later; zero if it is not.
    func distance(from earlier: Position) -> Int64 {
        let (difference, overflow) = number.subtractingReportingOverflow(earlier.number)
        return self <= earlier ? 0 : overflow ? .max : difference
    }
}
