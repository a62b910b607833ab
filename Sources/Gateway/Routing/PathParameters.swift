/// Where the parameters of a match are in its path, in the order of the pattern; no array, so that a match allocates
/// nothing.
public struct PathParameters: Hashable, Sendable {
    /// How many there are; ``PathPattern/mostParameters`` at most.
    public private(set) var count = 0
    /// Start and end of each, one after the other.
    private var bounds = SIMD16<UInt32>()

    /// No parameters.
    public init() {}

    /// Parameters with these ranges, as many of them as there is room for.
    public init(_ ranges: [Range<Int>]) {
        count = min(ranges.count, PathPattern.mostParameters)
        for place in 0..<count { set(place, ranges[place].lowerBound, ranges[place].upperBound) }
    }

    /// The range of one, in bytes from the start of the path; empty for one that there is not.
    public subscript(_ place: Int) -> Range<Int> {
        guard place >= 0, place < count else { return 0..<0 }
        return Int(bounds[2 * place])..<Int(bounds[2 * place + 1])
    }

    /// Makes so many parameters, which are then set.
    mutating func makeRoom(for count: Int) { self.count = count }

    @inline(__always)
    mutating func set(_ place: Int, _ start: Int, _ end: Int) {
        bounds[2 * place] = UInt32(clamping: start)
        bounds[2 * place + 1] = UInt32(clamping: end)
    }

    /// What is left over beyond the count makes no difference.
    public static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && (0..<left.count).allSatisfy { left[$0] == right[$0] }
    }

    /// What is left over beyond the count makes no difference.
    public func hash(into hasher: inout Hasher) {
        for place in 0..<count { hasher.combine(self[place]) }
    }
}

/// The parameters of a match by name, with their texts.
public struct PathArguments: Sendable {
    /// The pattern that has matched.
    public let pattern: PathPattern
    /// The path that it has matched.
    public let path: String
    /// Where in the path they are.
    public let parameters: PathParameters

    /// The parameters of a pattern that has matched a path.
    public init(_ parameters: PathParameters, of pattern: PathPattern, in path: String) {
        self.parameters = parameters
        self.pattern = pattern
        self.path = path
    }

    /// The text of a parameter as it is in the path; nil for a name that the pattern does not have.
    public subscript(_ name: String) -> Substring? {
        guard let place = pattern.parameterNames.firstIndex(of: name), place < parameters.count else { return nil }
        return path.bytes(parameters[place])
    }
}

extension StringProtocol {
    /// The text between two bytes, counted from its start; empty where there are not as many.
    func bytes(_ range: Range<Int>) -> SubSequence {
        let first = utf8.index(startIndex, offsetBy: range.lowerBound, limitedBy: endIndex) ?? endIndex
        let end = utf8.index(first, offsetBy: range.count, limitedBy: endIndex) ?? endIndex
        return self[first..<end]
    }
}
