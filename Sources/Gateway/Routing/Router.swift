public import Timeline

/// Which route a request takes, by its method and path.
///
/// Of the patterns that match a path and have the method, the most specific decides: segment by segment from the left, a
/// literal goes before a parameter and a parameter before a rest. So `GET /orders/new` takes the route
/// `GET /orders/{id}` if `/orders/new` has only a route for POST. HEAD is also answered by a route for GET (RFC 9110,
/// section 9.3.2), and a route for any method by whatever has no route of its own for the same pattern.
///
/// The patterns are a tree of segments in flat arrays. A match visits each node of the tree at most once, and passes over
/// the path once, as far as patterns reach; only where a literal was the wrong way, what comes after it is read again.
public struct Router: Sendable {
    /// How many routes there can be.
    public static let mostRoutes = 65_536

    /// What a route is for.
    public struct Route: Hashable, Sendable {
        /// Nil for the default route.
        public let pattern: PathPattern?
        /// Nil for any.
        public let methods: MethodSet?
    }

    /// A place in the tree: a path up to and with some segment.
    struct Node: Sendable {
        /// The child for any segment, the end of a pattern with a rest from here on, the end of a pattern here; negative
        /// for none.
        var (parameter, rest, end): (Int32, Int32, Int32) = (-1, -1, -1)
        var hasLiterals = false
    }

    /// The routes by their index.
    public private(set) var routes: [Route] = []
    /// The route for what matches no pattern; nil if there is none.
    public private(set) var defaultRoute: Int?
    var nodes = [Node()]
    var literals = SegmentTable()
    /// The route of each method at each end of a pattern, and after them that for any method; negative for none.
    var ends: [Int32] = []

    static let endWidth = Method.count + 1

    /// A router without routes.
    public init() {}

    /// Adds a route.
    /// - Parameters:
    ///   - pattern: which paths.
    ///   - methods: at least one, or nil for any that has no route of its own for the same pattern.
    /// - Returns: its index, counted from 0.
    /// - Throws: a ``SettingError`` that names both if another route would match the same requests, for no methods at
    ///   all, and for more routes than ``mostRoutes``.
    @discardableResult
    public mutating func add(_ pattern: PathPattern, for methods: MethodSet? = nil) throws(SettingError) -> Int {
        let route = Route(pattern: pattern, methods: methods)
        guard methods?.isDisjoint(with: .all) != true else {
            throw SettingError("methods", given: "none for \(pattern)", allowed: "1 or more, or any")
        }
        try checkRoom()
        let end = end(of: pattern) * Self.endWidth
        let places = methods.map { $0.sorted.map(\.place) } ?? [Method.count]
        if let taken = places.first(where: { ends[end + $0] >= 0 }) {
            let other = routes[Int(ends[end + taken])]
            throw SettingError("route", given: route, allowed: "what \(other) does not match as well")
        }
        for place in places { ends[end + place] = Int32(routes.count) }
        routes.append(route)
        return routes.count - 1
    }

    /// Adds the route that a request takes if no pattern matches its path; one whose method alone is wrong does not.
    /// - Throws: a ``SettingError`` if there is one already, and for more routes than ``mostRoutes``.
    @discardableResult
    public mutating func addDefault() throws(SettingError) -> Int {
        guard defaultRoute == nil else { throw SettingError("default route", given: "a second", allowed: "one") }
        try checkRoom()
        routes.append(Route(pattern: nil, methods: nil))
        defaultRoute = routes.count - 1
        return routes.count - 1
    }

    private func checkRoom() throws(SettingError) {
        guard routes.count < Self.mostRoutes else {
            throw SettingError("routes", given: routes.count + 1, allowed: "\(Self.mostRoutes) at most")
        }
    }

    /// The end of a pattern, made if it is new.
    private mutating func end(of pattern: PathPattern) -> Int {
        var node = 0
        for segment in pattern.segments {
            switch segment {
            case .literal(let text): node = literalChild(of: node, text)
            case .parameter: node = parameterChild(of: node)
            case .rest:
                nodes[node].rest = existing(nodes[node].rest)
                return Int(nodes[node].rest)
            }
        }
        nodes[node].end = existing(nodes[node].end)
        return Int(nodes[node].end)
    }

    /// An end, made if there is none.
    private mutating func existing(_ end: Int32) -> Int32 {
        guard end < 0 else { return end }
        ends.append(contentsOf: repeatElement(-1, count: Self.endWidth))
        return Int32(ends.count / Self.endWidth - 1)
    }

    private mutating func parameterChild(of node: Int) -> Int {
        if nodes[node].parameter < 0 { nodes[node].parameter = newNode() }
        return Int(nodes[node].parameter)
    }

    private mutating func literalChild(of node: Int, _ text: String) -> Int {
        let child = Int32(nodes.count)
        let found = Array(text.utf8).withUnsafeBufferPointer { bytes in
            let hash = bytes.reduce(0) { SegmentTable.hash($0, $1) }
            let known = literals.child(of: Int32(node), bytes, bytes.indices, hash: hash)
            if known == nil { literals.add(child, to: Int32(node), bytes, hash: hash) }
            return known
        }
        if found == nil {
            nodes[node].hasLiterals = true
            _ = newNode()
        }
        return Int(found ?? child)
    }

    private mutating func newNode() -> Int32 {
        nodes.append(Node())
        return Int32(nodes.count - 1)
    }
}

extension Router.Route: CustomStringConvertible {
    /// Such as `GET, HEAD /orders/{id}`, or `any /static/*`.
    public var description: String { "\(methods?.description ?? "any") \(pattern?.text ?? "other path")" }
}
