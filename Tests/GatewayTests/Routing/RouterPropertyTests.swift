import Gateway
import Testing
import Timeline

@Suite("Router against a naive matcher")
struct RouterPropertyTests {
    typealias Method = Gateway.Method

    @Test("random tables answer random requests as the naive matcher does")
    func naive() throws {
        var (matched, refused, missed) = (0, 0, 0)
        for seed in 0..<150 as Range<UInt64> {
            var random = RandomStream(seed: seed, name: "router", purpose: "tables")
            let (router, naive) = try Self.tables(&random)
            for _ in 0..<40 {
                let path = Self.path(&random)
                let method = Method.allCases[Int(random.below(7))]
                let (decision, expected) = (router.match(method, path), naive.match(method, path))
                #expect(decision == expected, "\(method) \(path), seed \(seed)")
                switch expected {
                case .matched: matched += 1
                case .methodNotAllowed: refused += 1
                case .notFound: missed += 1
                }
            }
        }
        #expect(min(matched, refused, missed) > 500)
    }

    /// Refuses what has been added already in another writing.
    private static func tables(_ random: inout RandomStream) throws -> (Router, NaiveRouter) {
        var (router, naive) = (Router(), NaiveRouter())
        for _ in 0..<random.below(25) {
            let pattern = try PathPattern(text(&random))
            let methods = random.chance(0.2) ? nil : MethodSet(rawValue: UInt8(1 + random.below(127)))
            let isNew = naive.add(pattern, methods)
            let index = try? router.add(pattern, for: methods)
            #expect((index != nil) == isNew, "\(pattern), \(naive.routes)")
        }
        return (router, naive)
    }

    private static let literals: [String] = ["a", "b", "ab", "abcdefghij", "abcdefghik"]

    private static func text(_ random: inout RandomStream) -> String {
        var text = ""
        for place in 0..<random.below(4) {
            text += random.chance(0.4) ? "/{p\(place)}" : "/" + literals[Int(random.below(5))]
        }
        return text + (random.chance(0.2) ? "/*" : random.chance(0.2) || text.isEmpty ? "/" : "")
    }

    private static func path(_ random: inout RandomStream) -> String {
        var path = ""
        for _ in 0..<random.below(5) { path += "/" + (random.chance(0.1) ? "" : literals[Int(random.below(5))]) }
        return path
    }
}

/// All routes in a list; each is tried on the segments of the path, and of those that match the most specific is taken.
private struct NaiveRouter {
    struct Route {
        var segments: [PathPattern.Segment]
        var methods: MethodSet?

        var ranks: [Int] {
            segments.map { segment in
                switch segment {
                case .literal: 0
                case .parameter: 1
                case .rest: 2
                }
            }
        }

        func isAlike(_ other: Route) -> Bool {
            let mine = segments.map { if case .parameter = $0 { PathPattern.Segment.parameter("") } else { $0 } }
            let its = other.segments.map { if case .parameter = $0 { PathPattern.Segment.parameter("") } else { $0 } }
            guard mine == its else { return false }
            guard let methods, let others = other.methods else { return methods == nil && other.methods == nil }
            return !methods.isDisjoint(with: others)
        }

        /// The ranges of the parameters; nil if the path does not match.
        func parameters(_ path: String) -> [Range<Int>]? {
            let pieces = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            var (start, ranges): (Int, [Range<Int>]) = (1, [])
            for (place, segment) in segments.enumerated() {
                guard place < pieces.count else { return nil }
                let end = start + pieces[place].utf8.count
                switch segment {
                case .literal(let text): if pieces[place] != text { return nil }
                case .parameter:
                    if start == end { return nil }
                    ranges.append(start..<end)
                case .rest: return ranges + [start..<path.utf8.count]
                }
                start = end + 1
            }
            return pieces.count == segments.count ? ranges : nil
        }

        /// 0 for a route of the method's own, 1 for GET's in place of HEAD's, 2 for any; nil for another method.
        func fit(_ method: Gateway.Method) -> Int? {
            guard let methods else { return 2 }
            if methods.contains(MethodSet(method)) { return 0 }
            return method == .head && methods.contains(.get) ? 1 : nil
        }
    }

    var routes: [Route] = []

    mutating func add(_ pattern: PathPattern, _ methods: MethodSet?) -> Bool {
        let route = Route(segments: pattern.segments, methods: methods)
        guard !routes.contains(where: { $0.isAlike(route) }) else { return false }
        routes.append(route)
        return true
    }

    func match(_ method: Gateway.Method, _ path: String) -> RouteDecision {
        guard path.first == "/" else { return .notFound }
        var best: (order: [Int], route: Int, ranges: [Range<Int>])?
        var methods = MethodSet()
        for (index, route) in routes.enumerated() {
            guard let ranges = route.parameters(path) else { continue }
            methods.formUnion(route.methods ?? .all)
            guard let fit = route.fit(method) else { continue }
            let order = route.ranks + [fit]
            if best.map({ order.lexicographicallyPrecedes($0.order) }) ?? true { best = (order, index, ranges) }
        }
        if let best { return .matched(route: best.route, PathParameters(best.ranges)) }
        if methods.contains(.get) { methods.insert(.head) }
        return methods.isEmpty ? .notFound : .methodNotAllowed(methods)
    }
}
