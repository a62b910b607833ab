import Timeline

extension RandomStream {
    /// One of several, each equally likely.
    mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
        choices[Int(below(UInt64(choices.count)))]
    }
}
