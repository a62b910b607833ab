/// What a router answers.
public enum RouteDecision: Hashable, Sendable {
    /// The request takes this route; its parameters are where they are in the path.
    case matched(route: Int, PathParameters)
    /// The path has routes, but none for this method: status 405 with these in the field `Allow` (RFC 9110, section
    /// 15.5.6). HEAD is among them where GET is, OPTIONS only where it has a route: who answers it for all routes
    /// adds it.
    case methodNotAllowed(MethodSet)
    /// The path has no route: status 404 (section 15.5.5).
    case notFound

    /// The status that the gateway answers with; nil for a match.
    public var status: Int? {
        switch self {
        case .matched: nil
        case .methodNotAllowed: 405
        case .notFound: 404
        }
    }
}

extension Router {
    /// The route of a request.
    /// - Parameter path: as it was normalised, without the query. One that does not begin with a slash, such as `*`, has
    ///   no route but the default one.
    @inlinable
    public func match(_ method: Method, _ path: some StringProtocol) -> RouteDecision {
        if let decision = path.utf8.withContiguousStorageIfAvailable({ match(method, bytes: $0) }) { return decision }
        return Array(path.utf8).withUnsafeBufferPointer { match(method, bytes: $0) }
    }

    /// Which methods have a route for a path, for whoever answers OPTIONS: all of them if a route is for any, none if the
    /// path has no route but the default one.
    public func methods(for path: some StringProtocol) -> MethodSet {
        Array(path.utf8).withUnsafeBufferPointer { path in
            var search = Search(path: path, method: nil)
            descend(&search)
            return search.methods
        }
    }

    @usableFromInline
    func match(_ method: Method, bytes path: UnsafeBufferPointer<UInt8>) -> RouteDecision {
        var search = Search(path: path, method: method)
        descend(&search)
        if search.route >= 0 { return .matched(route: Int(search.route), search.parameters) }
        if !search.methods.isEmpty { return .methodNotAllowed(search.methods) }
        return defaultRoute.map { .matched(route: $0, PathParameters()) } ?? .notFound
    }

    /// A search through the tree, and what it has found.
    private struct Search {
        let path: UnsafeBufferPointer<UInt8>
        /// Nil to find out which methods there are.
        let method: Method?
        var parameters = PathParameters()
        var route: Int32 = -1
        var methods = MethodSet()
    }

    @inline(__always)
    private func descend(_ search: inout Search) {
        guard search.path.first == UInt8(ascii: "/") else { return }
        _ = descend(from: 0, 1, parameters: 0, &search)
    }

    /// Goes on from a node with the segment that begins at a byte; returns whether a route was found.
    /// - Parameter parameters: how many there are on the way to the node. Where they are is noted on the way back.
    private func descend(from node: Int, _ start: Int, parameters: Int, _ search: inout Search) -> Bool {
        let place = nodes[node]
        var (end, hash) = (start, 0 as UInt64)
        while end < search.path.count, search.path[end] != UInt8(ascii: "/") {
            hash = SegmentTable.hash(hash, search.path[end])
            end += 1
        }
        if place.hasLiterals, let child = literals.child(of: Int32(node), search.path, start..<end, hash: hash),
            goOn(to: child, end, parameters: parameters, &search)
        {
            return true
        }
        if place.parameter >= 0, start < end, goOn(to: place.parameter, end, parameters: parameters + 1, &search) {
            search.parameters.set(parameters, start, end)
            return true
        }
        guard place.rest >= 0, take(place.rest, parameters: parameters + 1, &search) else { return false }
        search.parameters.set(parameters, start, search.path.count)
        return true
    }

    /// Goes on to the child for a segment that has ended at a byte.
    @inline(__always)
    private func goOn(to child: Int32, _ end: Int, parameters: Int, _ search: inout Search) -> Bool {
        if end < search.path.count { return descend(from: Int(child), end + 1, parameters: parameters, &search) }
        let pattern = nodes[Int(child)].end
        return pattern >= 0 && take(pattern, parameters: parameters, &search)
    }

    /// Takes the route at the end of a pattern, if there is one for the method; otherwise notes for which there are.
    private func take(_ end: Int32, parameters: Int, _ search: inout Search) -> Bool {
        let first = Int(end) * Self.endWidth
        if let method = search.method {
            var route = ends[first + method.place]
            if route < 0, method == .head { route = ends[first + Method.get.place] }
            if route < 0 { route = ends[first + Method.count] }
            guard route < 0 else {
                search.route = route
                search.parameters.makeRoom(for: parameters)
                return true
            }
        }
        search.methods.formUnion(methods(at: first))
        return false
    }

    private func methods(at first: Int) -> MethodSet {
        if ends[first + Method.count] >= 0 { return .all }
        var methods = MethodSet()
        for method in Method.allCases where ends[first + method.place] >= 0 { methods.insert(MethodSet(method)) }
        if methods.contains(.get) { methods.insert(.head) }
        return methods
    }
}
