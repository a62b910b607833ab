/// What a file says: texts, lists, and mappings from keys to more of the same, each with its place.
struct Tree: Sendable {
    var place: Place
    var content: Content

    /// What stands at a place.
    enum Content: Sendable {
        case nothing
        case text(Text)
        case list([Tree])
        case mapping([Pair])
    }

    /// A text as a value.
    struct Text: Sendable {
        /// What it says, without quotes.
        var value: String
        /// Whether it is a block that keeps its lines: `|`.
        var isBlock = false
        /// Where its first character stands, if the rest follows it on the same line as it is.
        var start: Place?
    }

    /// A key and its value.
    struct Pair: Sendable {
        /// The key as it is written.
        let key: String
        /// The key in the spelling that is compared.
        let name: String
        let place: Place
        var value: Tree

        init(key: String, at place: Place, value: Tree) {
            self.key = key
            name = Tree.spelling(of: key)
            self.place = place
            self.value = value
        }
    }

    /// One spelling for all the ways to write a key or a path: `keep alive` is `keep-alive`, `a -> b` is `a->b`.
    static func spelling(of key: String) -> String {
        guard key.contains(where: { $0 == " " || $0 == ">" }) else { return key }
        return key.split(separator: "->", omittingEmptySubsequences: false)
            .map { $0.split(separator: " ").joined(separator: "-") }
            .joined(separator: "->")
    }
}

extension Tree {
    /// The pairs of a mapping; none for anything else.
    var pairs: [Pair] {
        if case .mapping(let pairs) = content { pairs } else { [] }
    }

    /// Whether settings can stand there: it is a mapping, or left empty.
    var holdsSettings: Bool {
        switch content {
        case .mapping, .nothing: true
        case .text, .list: false
        }
    }

    /// The trees of a list; none for anything else.
    var items: [Tree] {
        if case .list(let items) = content { items } else { [] }
    }

    /// The text, if it is one.
    var text: Text? {
        if case .text(let text) = content { text } else { nil }
    }

    /// What it says as one text: a list of texts with commas between them.
    var written: String? {
        guard case .list(let items) = content else { return text?.value }
        let texts = items.compactMap { $0.text?.value }
        return texts.count == items.count ? texts.joined(separator: ", ") : nil
    }

    /// The pair of a mapping with this key, in any spelling.
    subscript(key: String) -> Pair? {
        let name = Tree.spelling(of: key)
        return pairs.first { $0.name == name }
    }

    /// A text from outside the file.
    init(text: String, at place: Place) {
        self.place = place
        content = .text(Text(value: text, start: place))
    }
}

extension Tree {
    /// A step on the way from a tree to a part of it.
    enum Step: Hashable, Sendable {
        /// To the value of a key.
        case key(String)
        /// To an element of a list, from 0.
        case item(Int)
    }

    /// The part at the end of a way, if it is there.
    func part(_ way: some Collection<Step>) -> Tree? {
        switch way.first {
        case nil: self
        case .key(let key): self[key]?.value.part(way.dropFirst())
        case .item(let index): items.indices.contains(index) ? items[index].part(way.dropFirst()) : nil
        }
    }

    /// Puts a tree at the end of a way; keys that are not there yet are added.
    mutating func put(_ part: Tree, at way: some Collection<Step>) {
        switch way.first {
        case nil:
            self = part
        case .key(let key):
            var pairs = pairs
            let name = Tree.spelling(of: key)
            let index = pairs.firstIndex { $0.name == name } ?? pairs.count
            if index == pairs.count {
                pairs.append(Pair(key: key, at: part.place, value: Tree(place: part.place, content: .nothing)))
            }
            pairs[index].value.put(part, at: way.dropFirst())
            content = .mapping(pairs)
        case .item(let index):
            var items = items
            guard items.indices.contains(index) else { return }
            items[index].put(part, at: way.dropFirst())
            content = .list(items)
        }
    }

    /// Takes keys that meet a condition out of a mapping.
    mutating func removeKeys(where condition: (Pair) -> Bool) {
        if case .mapping(let pairs) = content { content = .mapping(pairs.filter { !condition($0) }) }
    }
}
