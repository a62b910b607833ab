internal import Caching
internal import Screen
internal import Simulation
internal import Timeline

extension DetailText {
    /// What each level has, replica by replica, of the key that somebody has asked for, or else of the hottest ones.
    static func keys(ofCacheOf service: Int, _ cache: CacheView, _ scene: Scene) -> [Line] {
        let hindsight = scene.hindsights[service]
        let asked = scene.askedKey
        let keys: [UInt64]
        var lines: [Line]
        if asked.isEmpty {
            keys = hindsight?.hottest.map(\.key) ?? []
            let lookups = Figures.count(hindsight?.lookups ?? 0, "lookup")
            lines = [Line(keys.isEmpty ? "K looks a key up" : "hottest keys of \(lookups); K looks one up", .faint)]
        } else if let number = Self.number(ofKey: asked) {
            keys = scene.plan.readers(ofCacheOf: service).map { CacheView.key(number, of: $0) }
            lines = [Line("what you asked for; K and nothing: the hottest again", .faint)]
        } else {
            return [Line("a key is a number from 1: \"\(asked)\" is none", .problem), .empty]
        }
        if !keys.isEmpty { lines.append(heading) }
        let shown = cache.shownLevels
        for (key, holdings) in zip(keys, cache.holdings(of: keys)) {
            let heat = hindsight?.hottest.first { $0.key == key }
            lines.append(keyLine(key, service, cache, heat, scene.plan, scene.now))
            lines += self.lines(holdings.filter { shown.contains($0.level) }, of: key, cache, scene.now)
        }
        return lines + [.empty]
    }

    /// The number in what was typed; a word before it, as where keys are listed, is left out.
    private static func number(ofKey text: String) -> UInt32? {
        text.split(separator: " ").last.flatMap { UInt32($0) }.flatMap { $0 > 0 ? $0 : nil }
    }

    private static func keyLine(
        _ key: UInt64, _ service: Int, _ cache: CacheView, _ heat: Hindsight.HotKey?, _ plan: Plan, _ now: Instant
    ) -> Line {
        let (operation, number) = CacheView.parts(of: key)
        let readers = plan.readers(ofCacheOf: service)
        let name = readers.count > 1 ? plan.operations[operation].name : "key"
        let written =
            cache.latestWrite(of: key).map { "last written \(Figures.length(now - $0.at)) ago, by write \($0.version)" }
            ?? "never written"
        let wanted = heat.map { ", hit \(Figures.count($0.hits)) of \(Figures.count($0.lookups))" } ?? ""
        return Line(.text("\(name) \(number)", .title), .text(": \(written)\(wanted)", .text))
    }

    private static let heading = row("", "as of", "age", "left", "is", "queue, 1 goes next")

    /// A value is as of so many writes, those of other keys too; older than the latest of its own key it is wrong.
    private static func row(
        _ place: String, _ version: String, _ age: String, _ left: String, _ state: String, _ standing: String,
        isBehind: Bool = false, _ role: Role = .faint
    ) -> Line {
        Line(
            .text("  \(place) ".padded(to: 10), .faint), .text("\(version) ".padded(to: 10), isBehind ? .bad : role),
            .text(age.padded(to: 6), role), .text(left.padded(to: 6), role),
            .text(state.padded(to: 6), isBehind ? .bad : role), .text(standing, .faint))
    }

    /// Where it is held or remembered, a line each, and where it is not.
    private static func lines(
        _ holdings: [CacheView.Holding], of key: UInt64, _ cache: CacheView, _ now: Instant
    ) -> [Line] {
        let absent = holdings.filter { $0.value == nil && $0.place == nil }
        var names: [String] = []
        for level in cache.plan.levels.indices {
            let nodes = absent.filter { $0.level == level }.map { nodeName($0, cache) }
            if !nodes.isEmpty { names.append(CacheText.name(ofLevel: level, of: cache.plan) + nodes.joined()) }
        }
        return holdings.filter { $0.value != nil || $0.place != nil }.map { line($0, of: key, cache, now) }
            + (names.isEmpty ? [] : [Line("  not held in \(names.joined(separator: ", "))", .idle)])
    }

    /// The replica, if each has a level of its own and there are several.
    private static func nodeName(_ holding: CacheView.Holding, _ cache: CacheView) -> String {
        holding.node.map { cache.nodes > 1 ? " #\($0 + 1)" : "" } ?? ""
    }

    private static func line(_ holding: CacheView.Holding, of key: UInt64, _ cache: CacheView, _ now: Instant) -> Line {
        let place = CacheText.name(ofLevel: holding.level, of: cache.plan) + nodeName(holding, cache)
        let standing = holding.place?.text(cache.plan.levels[holding.level].policy) ?? ""
        guard let held = holding.value else { return row(place, "-", "-", "-", "gone", standing, .idle) }
        let isBehind = held.version < cache.latestWrite(of: key)?.version ?? 0
        let (state, role): (String, Role) =
            held.isFresh(at: now)
            ? (isBehind ? "WRONG" : held.value == nil ? "none" : "fresh", .text)
            : (held.isServable(at: now) ? "stale" : "ended", .warning)
        let left = held.expiresAt == .distantFuture ? "ever" : Figures.length(max(.zero, held.expiresAt - now))
        return row(
            place, "\(held.version)", Figures.length(now - held.loadedAt), left, state, standing, isBehind: isBehind,
            role)
    }
}

extension CacheView.PolicyPlace {
    /// The queue, the place in it, and what is counted.
    fileprivate func text(_ policy: PolicyName) -> String {
        let place = "\(queue) \(Figures.ratio(number, count))"
        guard let mark else { return place }
        switch policy {
        case .clock, .sieve: return place + (mark > 0 ? ", visited" : ", not visited")
        default: return "\(place), used \(mark)"
        }
    }
}

extension Plan {
    /// The operations that read through the cache of a service.
    fileprivate func readers(ofCacheOf service: Int) -> [Int] {
        operations(of: service).filter { operations[$0].usesCache }
    }
}
