/// Interview questions by their numbers, one after another: `5, 7`.
struct QuestionsNotation: Notation {
    private static let range = 1...InterviewQuestion.allCases.count

    let pattern =
        "numbers of the guide's interview questions, such as 5, 7, each once, from \(Self.range.lowerBound) to "
        + "\(Self.range.upperBound)"

    func read(_ text: String) throws(SyntaxProblem) -> [InterviewQuestion] {
        if text.isEmpty { return [] }
        var questions: [InterviewQuestion] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Int(part.trimmed), let question = InterviewQuestion(rawValue: number),
                !questions.contains(question)
            else { throw refusal(of: text) }
            questions.append(question)
        }
        return questions
    }
}
