/// A place in a file, for what is to be said about it.
struct Place: Hashable, Sendable {
    /// The file, as it was named by the caller.
    var file: String
    /// The line, from 1.
    var line: Int
    /// The column in characters, from 1.
    var column: Int

    /// The place so many characters further on in the line.
    func moved(by characters: Int) -> Place {
        Place(file: file, line: line, column: column + characters)
    }

    /// Something that is wrong here.
    func problem(_ message: String) -> Problem {
        Problem(file: file, line: line, column: column, message)
    }
}

/// What has been found wrong so far.
struct Findings: Sendable {
    /// The problems, in the order in which they were found.
    private(set) var problems: [Problem] = []

    mutating func add(_ message: String, at place: Place) {
        problems.append(place.problem(message))
    }

    mutating func add(_ others: [Problem]) {
        problems += others
    }

    /// Whether it is worth a search what a name was meant to be: not once there are very many problems.
    var mayGuess: Bool { problems.count < 50 }

    /// What somebody may have meant by a name that does not exist.
    func hint(
        for name: String, among candidates: some Sequence<String>, listedBy topic: Help.Topic? = nil
    ) -> String {
        mayGuess ? Spelling.hint(for: name, among: candidates.prefix(1_000), listedBy: topic) : ""
    }

    /// Throws what has been found, if anything has.
    func check() throws(Problems) {
        if !problems.isEmpty { throw Problems(problems) }
    }
}
