extension Int128 {
    /// The quotient rounded towards minus infinity, for a positive divisor.
    func dividedRoundingDown(by divisor: Int64) -> Int128 {
        // A division of 128 bits takes several times as long, and is seldom needed.
        if let narrow = Int64(exactly: self) {
            let (whole, rest) = narrow.quotientAndRemainder(dividingBy: divisor)
            return Int128(rest < 0 ? whole - 1 : whole)
        }
        let (whole, rest) = quotientAndRemainder(dividingBy: Int128(divisor))
        return rest < 0 ? whole - 1 : whole
    }

    /// The quotient rounded towards infinity, for a positive divisor.
    func dividedRoundingUp(by divisor: Int64) -> Int128 {
        -(-self).dividedRoundingDown(by: divisor)
    }
}
