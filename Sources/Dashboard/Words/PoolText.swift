internal import Screen

extension PoolFigures {
    /// How busy it is, in a word.
    func badge(_ marks: Glyphs.Marks) -> Badge {
        if isQueueFull { return Badge(sign: marks.warning, word: "FULL", role: .bad) }
        if queued > 0 { return Badge(sign: marks.waiting, word: "QUEUE", role: .warning) }
        if isFull { return Badge(sign: marks.bullet, word: "BUSY", role: .warning) }
        return active > 0
            ? Badge(sign: marks.play, word: "WORK", role: .good) : Badge(sign: marks.dot, word: "IDLE", role: .idle)
    }
}
