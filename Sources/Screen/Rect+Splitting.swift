extension Rect {
    /// How much of a side one part gets when a rectangle is split.
    public enum Share: Hashable, Sendable {
        /// This many cells, or what is left when there are fewer.
        case fixed(Int)
        /// A part, in proportion to this weight, of what the fixed shares leave.
        case weight(Int)
    }

    /// Splits into columns, from left to right: one for each share, possibly empty.
    public func columns(_ shares: [Share]) -> [Rect] {
        var next = x
        return Self.lengths(of: shares, in: width).map { length in
            defer { next += length }
            return Rect(x: next, y: y, width: length, height: height)
        }
    }

    /// Splits into rows, from top to bottom: one for each share, possibly empty.
    public func rows(_ shares: [Share]) -> [Rect] {
        var next = y
        return Self.lengths(of: shares, in: height).map { length in
            defer { next += length }
            return Rect(x: x, y: next, width: width, height: length)
        }
    }

    /// Cuts off the topmost rows and returns them; the rectangle keeps the rest.
    public mutating func takeTop(_ rows: Int) -> Rect {
        let taken = max(0, min(rows, height))
        defer { self = Rect(x: x, y: y + taken, width: width, height: height - taken) }
        return Rect(x: x, y: y, width: width, height: taken)
    }

    /// Cuts off the lowest rows and returns them; the rectangle keeps the rest.
    public mutating func takeBottom(_ rows: Int) -> Rect {
        let left = height - max(0, min(rows, height))
        defer { self = Rect(x: x, y: y, width: width, height: left) }
        return Rect(x: x, y: y + left, width: width, height: height - left)
    }

    /// Cuts off the leftmost columns and returns them; the rectangle keeps the rest.
    public mutating func takeLeft(_ columns: Int) -> Rect {
        let taken = max(0, min(columns, width))
        defer { self = Rect(x: x + taken, y: y, width: width - taken, height: height) }
        return Rect(x: x, y: y, width: taken, height: height)
    }

    /// Cuts off the rightmost columns and returns them; the rectangle keeps the rest.
    public mutating func takeRight(_ columns: Int) -> Rect {
        let left = width - max(0, min(columns, width))
        defer { self = Rect(x: x, y: y, width: left, height: height) }
        return Rect(x: x + left, y: y, width: width - left, height: height)
    }

    /// Fixed shares are served first; each weight gets what brings the running total nearest below its due.
    private static func lengths(of shares: [Share], in total: Int) -> [Int] {
        var unserved = total
        var weights = 0
        for share in shares {
            switch share {
            case .fixed(let cells): unserved -= max(0, min(cells, unserved))
            case .weight(let weight): weights += clamped(weight)
            }
        }
        let shareable = unserved
        var fixedLeft = total - unserved
        var weightsSoFar = 0
        return shares.map { share in
            switch share {
            case .fixed(let cells):
                let length = max(0, min(cells, fixedLeft))
                fixedLeft -= length
                return length
            case .weight(let weight):
                guard weights > 0 else { return 0 }
                let before = shareable * weightsSoFar / weights
                weightsSoFar += clamped(weight)
                return shareable * weightsSoFar / weights - before
            }
        }
    }

    private static func clamped(_ weight: Int) -> Int { max(0, min(weight, 1_000)) }
}
