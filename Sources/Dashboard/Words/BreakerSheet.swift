internal import Resilience
internal import Screen
internal import Simulation
internal import Timeline

/// Everything about one breaker but its drawing, as lines for so much room.
struct BreakerSheet {
    let name: String
    let breaker: CircuitBreaker
    let ownRule: BreakerPlan.OwnRule?
    /// Its changes of state, oldest first.
    let changes: [StateChange]
    /// Whether an operator can hold it open or closed: those of shards go by themselves only.
    let canBeHeld: Bool
    let now: Instant
    let glyphs: Glyphs

    /// The breaker that is selected, if one is: at a place of an edge's chain, or before a shard.
    init?(_ item: Item?, _ scene: Scene, _ glyphs: Glyphs) {
        switch item {
        case .breaker(let edge, let stage, let part)?:
            let place = BreakerPlace(edge: edge, stage: stage, part: part)
            let component = scene.world.component(of: place)
            guard let breaker = scene.world.breaker(at: place),
                let plan = scene.plan.breaker(at: GuardPlace(edge: edge, stage: stage))
            else { return nil }
            (name, self.breaker, ownRule) = (component.name(scene.plan), breaker, plan.ownRule)
            (changes, canBeHeld) = (scene.transitions[component] ?? [], true)
        case .shard(let projection, let shard)?:
            guard let shards = scene.world.queryBus(ofProjection: projection)?.shards, shards.indices.contains(shard)
            else { return nil }
            let component = Component.shard(projection: UInt16(projection), UInt16(shard))
            (name, breaker, ownRule) = (shards[shard].name, shards[shard].breaker, nil)
            (changes, canBeHeld) = (scene.transitions[component] ?? [], false)
        default: return nil
        }
        now = scene.now
        self.glyphs = glyphs
    }

    /// How wide the names of the facts are.
    static let nameWidth = 9

    private func fact(_ name: String, _ parts: Line) -> Line {
        Line(.text(name.padded(to: Self.nameWidth) + " ", .faint)) + parts
    }

    private func fact(_ name: String, _ text: String, _ role: Role = .text) -> Line { fact(name, Line(text, role)) }
}

extension BreakerSheet {
    /// What changes while one looks on, what matters most first.
    func facts(width: Int) -> [Line] {
        let room = max(20, width - Self.nameWidth - 1)
        return [fact("now", outlook), fact("tripped", trip)] + window(room) + rates(room)
            + [fact("calls", callsNow), fact("last 60s", strip)]
    }

    /// What it does with calls, and until when.
    private var outlook: Line {
        switch breaker.phase {
        case .closed: return Line("calls pass and are judged", .good)
        case .forcedOpen: return Line("held open by order: every call is refused", .bad)
        case .disabled: return Line("held closed by order: every call passes, none is judged", .warning)
        case .metricsOnly: return Line("held by order: every call passes and is only counted", .warning)
        case .open(_, let until):
            let line = breaker.outlook(at: now) ?? .empty
            return until > now ? line + Line("  at \(Figures.clock(until))", .faint) : line
        case .halfOpen(let probes):
            let all = breaker.settings.probes
            let left = Figures.ticking(max(.zero, probes.until - now))
            let (ok, failed) = (probes.tally.succeeded, probes.tally.failed)
            return Line(
                .text("\(probes.issued) of \(all) probes out, \(ok) ok, \(failed) failed, \(left) left ", .text),
                .bar(Double(probes.tally.calls) / Double(all), columns: 12, .bar))
        }
    }

    /// Why and when it opened last.
    private var trip: Line {
        guard let trip = breaker.lastTrip else { return Line("never", .idle) }
        let age = Figures.ticking(now - trip.at)
        return Line(
            .text(trip.text, .warning), .text(" at \(Figures.clock(trip.at)), \(age) ago", .faint))
    }

    /// The calls in its window: one by one, or bucket by bucket.
    private func window(_ room: Int) -> [Line] {
        guard case .calls(let size) = breaker.settings.window else { return buckets(room) }
        guard !breaker.isJudgedByProbes else { return [fact("window", "empty since it became half-open", .idle)] }
        let signs = breaker.recentCalls.count
        let ring = breaker.past(glyphs.marks, at: now, columns: min(size, max(10, room - 24)))
        return [fact("window", ring + Line("  \(signs) of \(breaker.windowText)", .faint))]
    }

    private func buckets(_ room: Int) -> [Line] {
        let buckets = breaker.buckets(at: now)
        let columns = min(max(10, room - 30), max(10, buckets.count))
        let top = Double(buckets.map(\.tally.calls).max() ?? 0)
        let tally = buckets.reduce((ok: 0, failed: 0)) { ($0.ok + $1.tally.succeeded, $0.failed + $1.tally.failed) }
        guard buckets.count > 1 else {
            return [fact("window", "\(tally.ok) ok, \(tally.failed) failed: \(breaker.windowText)")]
        }
        return [
            fact(
                "ok",
                Line(
                    .graph(buckets.map { Double($0.tally.succeeded) }, columns: columns, top: top),
                    .text("  \(tally.ok) in \(breaker.windowText)", .faint))),
            fact(
                "failed",
                Line(
                    .graph(buckets.map { Double($0.tally.failed) }, columns: columns, top: top),
                    .text("  \(tally.failed) in \(buckets.count) buckets", .faint))),
        ]
    }

    /// How near it is to opening, by each of its rules.
    private func rates(_ room: Int) -> [Line] {
        let tally = breaker.tally(at: now)
        let settings = breaker.settings
        var lines: [Line] = []
        switch settings.tripRule {
        case .rate: lines.append(rate("failures", tally.failed, of: tally.calls, limit: settings.failureRate, room))
        case .failures(let limit): lines.append(number("failures", tally.failed, limit, room))
        case .consecutive(let limit): lines.append(number("in a row", breaker.failuresInARow(at: now), limit, room))
        case .callers:
            lines.append(rate("failures", tally.failed, of: tally.calls, limit: ownRule?.share, room))
        }
        if let slow = settings.slowCalls {
            lines.append(rate("slow", tally.slow, of: tally.calls, limit: slow.rate, room))
        }
        return lines
    }

    /// So wide that what stands behind it has room on a narrow screen too.
    private func gaugeColumns(_ room: Int) -> Int { room < Self.wideRoom ? 12 : 20 }

    private static let wideRoom = 60

    private func rate(_ name: String, _ bad: Int, of all: Int, limit: Double?, _ room: Int) -> Line {
        let share = all > 0 ? Double(bad) / Double(all) : nil
        let isOver = limit.map { (share ?? 0) >= $0 } ?? false
        let minimum = breaker.isJudgedByProbes ? breaker.settings.probes : breaker.settings.minimumCalls
        let unit = breaker.isJudgedByProbes ? "probes" : "calls"
        let judged = all < minimum ? ", judged from \(minimum) \(unit) on" : ""
        let limitText = " of \(all) \(unit)" + (limit.map { ", limit \(Figures.percent($0))" } ?? "")
        return fact(
            name,
            Line(
                .gauge(share ?? 0, mark: limit, columns: gaugeColumns(room), isOver ? .bad : .bar),
                .text(" \(Figures.percent(share).indented(to: 4))", isOver ? .bad : .text),
                .text("\(limitText)\(judged)", .faint)))
    }

    private func number(_ name: String, _ bad: Int, _ limit: Int, _ room: Int) -> Line {
        let isOver = bad >= limit
        return fact(
            name,
            Line(
                .gauge(
                    Double(bad) / Double(max(1, limit)), mark: nil, columns: gaugeColumns(room), isOver ? .bad : .bar),
                .text(" \("\(bad)".indented(to: 4))", isOver ? .bad : .text), .text(", limit \(limit)", .faint)))
    }

    private var callsNow: Line {
        let totals = breaker.totals
        return Line(
            .text("\(Figures.count(totals.inFlight)) in flight  ", .text),
            .text("\(Figures.count(totals.rejected)) refused  ", totals.rejected > 0 ? .warning : .text),
            .text("\(Figures.count(totals.stale)) stale dropped", .text))
    }

    private var strip: Line {
        let strip = BreakerStrip(changes, until: now, in: breaker.state)
        return Line(.trail(strip.states.map { $0.sign(glyphs) }, columns: BreakerStrip.seconds))
    }
}

extension BreakerSheet {
    /// How it is set.
    var rules: [Line] {
        let settings = breaker.settings
        let arrows = BreakerArrows(settings, ownRule: ownRule)
        let minimum = settings.tripRule == .rate ? " of at least \(settings.minimumCalls)" : ""
        return [
            fact("judges", breaker.windowText), fact("opens at", "\(arrows.opens)\(minimum)"),
            fact("", arrows.opensForSlow), fact("probes", arrows.probes), fact("reopens", arrows.reopens),
            fact("closes", arrows.closes),
        ].filter { !$0.text.trimmed.isEmpty }
    }

    /// All that was ever counted, apart from the window.
    var totals: [Line] {
        let totals = breaker.totals
        func count(_ value: Int, _ what: String) -> String { "\(Figures.count(value)) \(what)" }
        let passed = [count(totals.permitted, "let through"), count(totals.rejected, "refused")]
        let results = [
            count(totals.succeeded, "ok"), count(totals.failed, "failed"), count(totals.slow, "slow"),
            count(totals.ignored, "ignored"),
        ]
        let changes = [
            "open \(Figures.count(totals.transitions(to: .open)))",
            "half-open \(Figures.count(totals.transitions(to: .halfOpen)))",
            "closed \(Figures.count(totals.transitions(to: .closed))) times",
        ]
        return [
            fact("in all", passed.joined(separator: ", ")), fact("results", results.joined(separator: ", ")),
            fact("became", changes.joined(separator: ", ")),
        ]
    }

    /// The latest changes of state, newest first.
    func transitions(atMost count: Int) -> [Line] {
        guard !changes.isEmpty else { return [] }
        return [Line("changes of state, newest first", .faint)]
            + changes.suffix(count).reversed().map { change in
                let state = change.state.map { $0.sign(glyphs) } ?? Line.Sign(scalar: "H", role: .warning)
                return Line(
                    .text("\(Figures.clock(change.time)) ", .faint), .text("\(Character(state.scalar)) ", state.role),
                    .text(change.text, state.role))
            }
    }
}

extension String {
    /// The text without spaces at its ends.
    fileprivate var trimmed: Substring { drop { $0 == " " } }
}

extension Component {
    /// Its name without the word for what kind of guard it is, where a heading says that: `shop -> payment of payment#2`.
    func name(_ plan: Plan, without kind: String) -> String {
        name(plan).split(separator: " ").filter { $0 != kind }.joined(separator: " ")
    }
}
