/// A state as people see it: a sign, a word and a look, never a colour alone.
struct Badge: Hashable, Sendable {
    var sign: Unicode.Scalar
    var word: String
    var role: Role

    var line: Line { Line(.text("\(Character(sign)) \(word)", role)) }
}
