extension Array {
    /// Makes room by doubling, as an array does, but not for more than it can come to hold.
    @inlinable
    mutating func reserveRoom(for count: Int, most: Int) {
        guard count > capacity else { return }
        reserveCapacity(Swift.max(count, Swift.min(most, 2 * capacity + 8)))
    }
}
