public import Timeline

/// Which keys are meant: one, all with a prefix, or all that a glob matches.
///
/// `*` stands for any text, none included, `?` for any one Unicode scalar, and everything else for itself. A match takes
/// time in proportion to the key's length, times the pattern's at worst: only the last `*` is ever tried again (Cox,
/// *Glob Matching Can Be Simple And Fast Too*, 2017).
public struct KeyPattern: Hashable, Sendable {
    /// How many Unicode scalars a pattern can have.
    public static let longest = 256

    /// The pattern as it was written.
    public let text: String
    private let shape: Shape

    private enum Shape: Hashable, Sendable {
        case exact([Unicode.Scalar])
        case prefix([Unicode.Scalar])
        case glob([Unicode.Scalar])
    }

    /// Reads a pattern.
    /// - Parameter text: up to ``longest`` scalars.
    /// - Throws: a ``SettingError`` for a longer one.
    public init(_ text: String) throws(SettingError) {
        let scalars = try Self.scalars(of: text)
        self.text = text
        if !scalars.contains(where: { $0 == "*" || $0 == "?" }) {
            shape = .exact(scalars)
        } else if scalars.last == "*", !scalars.dropLast().contains(where: { $0 == "*" || $0 == "?" }) {
            shape = .prefix(scalars.dropLast())
        } else {
            shape = .glob(scalars)
        }
    }

    /// The pattern of one key, in which `*` and `?` stand for themselves.
    /// - Throws: a ``SettingError`` for a key of more than ``longest`` scalars.
    public init(exactly key: String) throws(SettingError) {
        shape = .exact(try Self.scalars(of: key))
        text = key
    }

    /// Whether a key is meant.
    public func matches(_ key: String) -> Bool {
        matches(Array(key.unicodeScalars))
    }

    func matches(_ key: [Unicode.Scalar]) -> Bool {
        switch shape {
        case .exact(let whole): key == whole
        case .prefix(let start): key.starts(with: start)
        case .glob(let glob): Self.matches(key, glob)
        }
    }

    private static func scalars(of text: String) throws(SettingError) -> [Unicode.Scalar] {
        let scalars = Array(text.unicodeScalars)
        guard scalars.count <= longest else {
            throw SettingError("pattern", given: "\(scalars.count) characters", allowed: "\(longest) at most")
        }
        return scalars
    }

    private static func matches(_ key: [Unicode.Scalar], _ glob: [Unicode.Scalar]) -> Bool {
        var (place, element) = (0, 0)
        // The last star that was passed, and how far the text that it stands for reaches.
        var star: (element: Int, end: Int)?
        while place < key.count || element < glob.count {
            if element < glob.count, glob[element] == "*" {
                star = (element, place)
                element += 1
            } else if element < glob.count, place < key.count, glob[element] == "?" || glob[element] == key[place] {
                (place, element) = (place + 1, element + 1)
            } else if let last = star, last.end < key.count {
                star = (last.element, last.end + 1)
                (place, element) = (last.end + 1, last.element + 1)
            } else {
                return false
            }
        }
        return true
    }
}

extension KeyPattern: CustomStringConvertible {
    /// The pattern as it was written.
    public var description: String { text }
}
