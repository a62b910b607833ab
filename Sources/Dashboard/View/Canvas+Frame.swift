internal import EventSourcing
internal import Screen
internal import Simulation
internal import Timeline

// The lines at the top and at the bottom of every screen.

extension Canvas {
    /// The line at the top: what runs, when, how fast, and how it stands.
    mutating func drawHeader(_ scene: Scene, in area: Rect) {
        fill(area, .header)
        let inside = area.inset(horizontal: 1)
        let badge = scene.status.badge(glyphs.marks)
        var left = [
            "sagascope", scene.plan.name, "seed \(scene.plan.seed)", "\(scene.now)", badge,
        ]
        var right = scene.summary(glyphs.marks)
        func columns(_ parts: [String]) -> Int { parts.reduce(0) { $0 + $1.columns + 2 } }
        // The program's name and the seed are the first to go, then the summary from its end.
        if columns(left) + columns(right) > inside.width { left.remove(at: 0) }
        while columns(left) + columns(right) > inside.width, right.count > 1 { right.removeFirst() }
        if columns(left) + columns(right) > inside.width { left.remove(at: 1) }
        var rest = inside
        write(right.joined(separator: "  "), .header, in: rest.takeRight(columns(right)), aligned: .right)
        write(left.joined(separator: "  "), .header, in: rest)
    }

    /// The names of the screens with their keys, and those of the panes, the chosen ones marked.
    mutating func drawTabs(_ all: [Page], _ page: Page, _ panes: [Pane], _ focus: Pane, in area: Rect) {
        let panes = panes.map { Tab(name: $0.shortTitle, isChosen: $0 == focus) }
        // Both begin and end with a blank, of which one is enough between them, unless brackets may meet there.
        let room = area.width - (all.last == page ? 2 : 1) - Tab.columns(panes)
        // Where there is no room for all names, those of the other screens are the ones to keep.
        let forms: [(Page) -> String] = [
            { "\($0.number) \($0.title)" }, { $0 == page ? "\($0.number)" : "\($0.number) \($0.title)" },
            { $0 == page ? "\($0.number) \($0.title)" : "\($0.number)" }, { "\($0.number)" },
        ]
        let pages = forms.lazy.map { form in all.map { Tab(name: form($0), isChosen: $0 == page) } }
        // Where there is not even room for all numbers, its own has to do.
        let shown = pages.first { Tab.columns($0) <= room } ?? [Tab(name: "\(page.number)", isChosen: true)]
        var rest = area.inset(horizontal: 1)
        draw(panes, in: rest.takeRight(Tab.columns(panes)))
        draw(shown, in: rest)
    }

    /// A name among others.
    private struct Tab {
        var name: String
        var isChosen: Bool

        static func columns(_ tabs: [Tab]) -> Int { tabs.isEmpty ? 0 : tabs.reduce(1) { $0 + $1.name.columns + 1 } }
    }

    /// Names stand one space apart, and the brackets of the chosen one take the place of two of them.
    private mutating func draw(_ tabs: [Tab], in area: Rect) {
        var rest = area
        for tab in tabs {
            let text = Rect(x: rest.x + (tab.isChosen ? 0 : 1), y: rest.y, width: tab.name.columns + 2, height: 1)
            write(tab.isChosen ? "[\(tab.name)]" : tab.name, tab.isChosen ? .focusedBorder : .faint, in: text)
            _ = rest.takeLeft(tab.name.columns + 1)
        }
    }

    /// What the program says, or else what is about to happen again, or else what the scenario says.
    mutating func drawCaption(_ status: RunStatus, _ notice: Notice?, in area: Rect) {
        let inside = area.inset(horizontal: 1)
        if let notice {
            let role: Role = notice.isProblem ? .problem : .notice
            write("\(Character(glyphs.marks.warning)) \(notice.text)", role, in: inside)
        } else if let replay = status.replayText {
            write("\(Character(glyphs.marks.undo)) \(replay)", .notice, in: inside)
        } else if !status.caption.isEmpty {
            write("\(Character(glyphs.marks.pointer)) \(status.caption)", .caption, in: inside)
        }
    }

    /// The keys that matter now, as many as there is room for.
    mutating func drawFooter(
        _ scope: Scope, on page: Page, panes: Int, for selected: Item?, in area: Rect
    ) {
        var rest = area.inset(horizontal: 1)
        let (wanted, always) = Binding.footer(
            of: scope, on: page, panes: panes, offering: selected?.maintenance ?? [],
            Self.deeds(on: page, for: selected), offersLimit: selected?.isOfGateway ?? false)
        let reserved = always.reduce(0) { $0 + Self.footerWidth($1) }
        for binding in wanted where rest.width - reserved >= Self.footerWidth(binding) {
            drawFooterKey(binding, in: &rest)
        }
        for binding in always { drawFooterKey(binding, in: &rest) }
    }

    /// What can be done with sagas there, and with their list.
    private static func deeds(on page: Page, for selected: Item?) -> [SagaAction] {
        switch selected {
        case .flow?: page == .sagas ? [.menu, .menuForAll] : [.menu]
        case .saga?: page == .sagas ? SagaAction.allCases : [.menu]
        default: page == .sagas ? SagaAction.allCases : []
        }
    }

    private mutating func drawFooterKey(_ binding: Binding, in rest: inout Rect) {
        let key = binding.footerKey
        write(key, .key, in: rest.takeLeft(key.columns))
        write(" \(binding.label ?? "")", .footer, in: rest.takeLeft((binding.label ?? "").columns + 1))
        _ = rest.takeLeft(2)
    }

    private static func footerWidth(_ binding: Binding) -> Int {
        binding.footerKey.columns + (binding.label ?? "").columns + 3
    }
}

extension Binding {
    fileprivate var footerKey: String { keys.first?.description ?? "" }
}

extension RunStatus {
    /// Whether time passes, and how fast.
    func badge(_ marks: Glyphs.Marks) -> String {
        switch motion {
        case .running: "\(Character(marks.play)) RUN \(isHurrying ? "to goal" : "x\(speedText)")"
        case .draining: "\(Character(marks.play)) DRAIN x\(speedText)"
        case .paused(let why): "\(Character(marks.pause)) PAUSED" + (why.isEmpty ? "" : " \(why)")
        case .ended: "\(Character(marks.check)) ENDED"
        }
    }

    /// What comes again after time was turned back, and how to be rid of it; nil if nothing does.
    fileprivate var replayText: String? {
        guard let next = upcoming.first(where: \.isReplayed) else { return nil }
        let rest = replayed == 1 ? "" : " and \(replayed - 1) more"
        return "what you did comes again: \(next.text)\(rest); do something else and it will not"
    }

    private var speedText: String {
        speed == speed.rounded() ? Figures.decimal(speed, places: 0) : "\(Figures.decimal(speed, places: 3))"
    }
}

extension Scene {
    /// How the run stands: its size, its expectations, its faults.
    fileprivate func summary(_ marks: Glyphs.Marks) -> [String] {
        var parts = ["\(Figures.count(world.eventsExecuted)) events"]
        if status.passed + status.failed + status.undecided > 0 {
            let counts = [(marks.check, status.passed), (marks.cross, status.failed), (marks.dot, status.undecided)]
            parts.append("expect " + counts.map { "\(Character($0.0))\($0.1)" }.joined(separator: " "))
        }
        let active = world.faultLog.count { $0.isActive }
        parts.append(active == 0 ? "no faults" : "\(Character(marks.warning)) \(active) fault\(active == 1 ? "" : "s")")
        return parts + alarms(marks)
    }

    /// What must not be overlooked of the event stores, the projections and the command buses.
    private func alarms(_ marks: Glyphs.Marks) -> [String] {
        var alarms: [String] = []
        let lost = sample.stores.reduce(0) { $0 + $1.cluster.lostEvents }
        if lost > 0 { alarms.append("\(Character(marks.cross)) \(Figures.count(lost, "event")) lost") }
        let stopped = sample.projections.count { $0.hasStopped }
        if stopped > 0 { alarms.append("\(Character(marks.cross)) \(Figures.count(stopped, "projection")) stopped") }
        let late = sample.projections.count { $0.isFarBehind && !$0.hasStopped }
        if late > 0 { alarms.append("\(Character(marks.warning)) \(Figures.count(late, "projection")) far behind") }
        let orphans = world.flowTallies.reduce(0) { $0 + $1.attention }
        if orphans > 0 {
            alarms.append("\(Character(marks.warning)) \(Figures.count(orphans, "flow")) orphaned or parked")
        }
        let dead = sample.buses.reduce(0) { $0 + $1.view.deadLetters }
        if dead > 0 { alarms.append("\(Character(marks.warning)) \(Figures.count(dead, "dead letter"))") }
        let full = sample.buses.count { $0.isFull }
        if full > 0 { alarms.append("\(Character(marks.cross)) \(Figures.count(full, "queue")) full") }
        return alarms
    }
}
