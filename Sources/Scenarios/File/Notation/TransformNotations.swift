import Gateway
import Timeline

/// A change of a request: `set header X-Channel web`, `strip path /api`, `rewrite path /v2/{id}`, `add query lang en`.
struct RequestStepNotation: Notation {
    let pattern =
        "set header NAME VALUE, add header NAME VALUE, remove header NAME, rename header NAME to NAME, strip path /PREFIX, "
        + "add path /PREFIX, rewrite path /PATH, add query NAME VALUE, remove query NAME, rename query NAME to NAME, "
        + "remove field NAME or rename field NAME to NAME"

    func read(_ text: String) throws(SyntaxProblem) -> RequestTransform.Step {
        var words = Words(text, as: pattern)
        let verb = try words.word()
        let part = try words.word()
        let step: RequestTransform.Step
        switch (verb.text, part.text) {
        case (_, "header"): step = .header(try HeaderStepNotation.step(verb, &words))
        case ("strip", "path"): step = .path(.strip(String(try words.word().text)))
        case ("add", "path"): step = .path(.add(String(try words.word().text)))
        case ("rewrite", "path"): step = .path(.rewrite(try words.value(PathNotation())))
        case ("add", "query"): step = .query(.add(String(try words.word().text), String(try words.word().text)))
        case ("remove", "query"): step = .query(.remove(String(try words.word().text)))
        case ("rename", "query"):
            let names = try HeaderStepNotation.names(&words)
            step = .query(.rename(names.old, to: names.new))
        case ("remove", "field"): step = .field(.remove(String(try words.word().text)))
        case ("rename", "field"):
            let names = try HeaderStepNotation.names(&words)
            step = .field(.rename(names.old, to: names.new))
        default: throw words.refusal(of: verb)
        }
        try words.finish()
        return step
    }
}

/// A change of a response: `set header Server shop`, `status 500 to 503`.
struct ResponseStepNotation: Notation {
    let pattern =
        "set header NAME VALUE, add header NAME VALUE, remove header NAME, rename header NAME to NAME or "
        + "status 500 to 503"

    func read(_ text: String) throws(SyntaxProblem) -> ResponseTransform.Step {
        var words = Words(text, as: pattern)
        let verb = try words.word()
        let step: ResponseTransform.Step
        if verb.text == "status" {
            let statuses = CountNotation(range: 200...599)
            let old = try words.value(statuses)
            try words.literal("to")
            step = .status(old, to: try words.value(statuses))
        } else {
            try words.literal("header")
            step = .header(try HeaderStepNotation.step(verb, &words))
        }
        try words.finish()
        return step
    }
}

/// A change of header fields, behind the word `header`.
enum HeaderStepNotation {
    static func step(_ verb: Words.Word, _ words: inout Words) throws(SyntaxProblem) -> HeaderStep {
        switch verb.text {
        case "set": return .set(try name(&words), try rest(&words))
        case "add": return .add(try name(&words), try rest(&words))
        case "remove": return .remove(try name(&words))
        case "rename":
            let old = try name(&words)
            try words.literal("to")
            return .rename(old, to: try name(&words))
        default: throw words.refusal(of: verb)
        }
    }

    static func name(_ words: inout Words) throws(SyntaxProblem) -> HeaderName {
        let word = try words.word()
        do {
            return try HeaderName(String(word.text))
        } catch {
            throw SyntaxProblem(at: word.offset, "\(error)")
        }
    }

    /// Two names with `to` between them.
    static func names(_ words: inout Words) throws(SyntaxProblem) -> (old: String, new: String) {
        let old = try words.word()
        try words.literal("to")
        return (String(old.text), String(try words.word().text))
    }

    /// All words that are left, with one blank between them.
    private static func rest(_ words: inout Words) throws(SyntaxProblem) -> String {
        var texts = [try words.word().text]
        while words.next != nil { texts.append(try words.word().text) }
        return texts.joined(separator: " ")
    }
}
