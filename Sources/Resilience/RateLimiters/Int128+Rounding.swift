extension Int128 {
    /// The quotient rounded towards minus infinity, for a positive divisor.
    func dividedRoundingDown(by divisor: Int64) -> Int128 {
        let (whole, rest) = quotientAndRemainder(dividingBy: Int128(divisor))
        return rest < 0 ? whole - 1 : whole
    }

    /// The quotient rounded towards infinity, for a positive divisor.
    func dividedRoundingUp(by divisor: Int64) -> Int128 {
        let (whole, rest) = quotientAndRemainder(dividingBy: Int128(divisor))
        return rest > 0 ? whole + 1 : whole
    }
}
