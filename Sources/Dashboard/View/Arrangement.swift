internal import Screen

/// Where everything stands on a screen of some size.
struct Arrangement: Hashable, Sendable {
    var header: Rect
    /// The names of the screens, and of the panes where not all of them can be seen.
    var tabs: Rect
    /// Whether the names of the panes stand there.
    var namesPanes: Bool
    /// The panes that can be seen.
    var panes: [Placed] = []
    /// All about what is selected, below or beside the list of a screen that is about one thing at a time.
    var sheet: Rect?
    /// The detail of what is selected, where there is room for it beside the panes.
    var sidebar: Rect?
    /// All between the lines at the top and those at the bottom.
    var body: Rect
    var caption: Rect
    var footer: Rect

    /// A pane and its place.
    struct Placed: Hashable, Sendable {
        var pane: Pane
        var area: Rect
    }

    static let leastWidth = 60
    static let leastHeight = 16

    /// Whether a screen of this size shows anything of use.
    static func fits(_ width: Int, _ height: Int) -> Bool { width >= leastWidth && height >= leastHeight }

    /// Divides a screen.
    /// - Parameters:
    ///   - width: its columns.
    ///   - height: its rows.
    ///   - focus: the pane that must be seen.
    ///   - isZoomed: whether it shall be seen alone.
    ///   - rows: how many lines a pane would like to have for its rows.
    init(width: Int, height: Int, focus: Pane, isZoomed: Bool, rows: (Pane) -> Int) {
        var rest = Rect(x: 0, y: 0, width: width, height: height)
        header = rest.takeTop(1)
        footer = rest.takeBottom(1)
        caption = rest.takeBottom(1)
        let isWide = width >= Self.overviewWidth && height >= Self.overviewHeight
        tabs = rest.takeTop(1)
        // What is selected there has a sheet below, as wide as the screen.
        let hasSheet = !isZoomed && [.commands, .sagas, .caches].contains(focus.page)
        if width >= Self.sidebarWidth, !hasSheet { sidebar = rest.takeRight(width * 2 / 5) }
        body = rest
        namesPanes = false
        guard !isZoomed else {
            panes = [Placed(pane: focus, area: rest)]
            namesPanes = focus.page != .breakers && focus.page != .bulkheads
            return
        }
        switch focus.page {
        case .overview:
            panes = isWide ? Self.overview(rest, rows(.services)) : Self.stacked(rest, focus)
            namesPanes = !isWide
        case .breakers:
            panes = [Placed(pane: .breakerList, area: rest.takeTop(Self.listHeight(rows(.breakerList), of: rest)))]
            sheet = rest
        case .bulkheads:
            arrangePools(rest, focus, isWide: isWide, rows)
        case .events:
            panes = Self.events(rest, focus, rows)
            namesPanes = panes.count < Page.events.panes.count
        case .commands:
            arrange(.commands, above: .queries, rest, focus, isWide: isWide, rows)
            namesPanes = panes.count < Page.commands.panes.count
        case .sagas:
            arrangeSagas(rest, focus, rows(focus))
            namesPanes = true
        case .caches:
            arrange(.cacheLevels, above: .origins, rest, focus, isWide: isWide, rows)
            namesPanes = panes.count < Page.caches.panes.count
        case .gateway:
            panes = Self.gateway(rest, focus, isWide: isWide, rows(.routes))
            namesPanes = panes.count < Page.gateway.panes.count
        }
    }

    /// The rows of a list with its heading and its border, but no more than a third of all.
    private static func listHeight(_ rows: Int, of area: Rect) -> Int {
        max(4, min(max(1, rows) + 3, area.height / 3))
    }

    /// The pools above the other guards, with the detail of what is selected where there is room.
    private mutating func arrangePools(_ area: Rect, _ focus: Pane, isWide: Bool, _ rows: (Pane) -> Int) {
        guard area.height >= Self.stackedHeight else {
            panes = [Placed(pane: focus, area: area)]
            return
        }
        var rest = area
        panes = [Placed(pane: .pools, area: rest.takeTop(max(6, min(rows(.pools) + 3, area.height / 2))))]
        let guards = max(5, rows(.guards) + 3)
        if isWide, sidebar == nil, rest.height - guards >= Self.leastSheet {
            sheet = rest.takeBottom(rest.height - guards)
        }
        panes.append(Placed(pane: .guards, area: rest))
    }

    /// One pane above the other, with all about what is selected below where there is room.
    private mutating func arrange(
        _ top: Pane, above bottom: Pane, _ area: Rect, _ focus: Pane, isWide: Bool, _ rows: (Pane) -> Int
    ) {
        guard area.height >= Self.stackedHeight else {
            panes = [Placed(pane: focus, area: area)]
            return
        }
        var rest = area
        panes = [Placed(pane: top, area: rest.takeTop(max(4, min(rows(top) + 3, area.height / 2))))]
        let height = max(4, rows(bottom) + 3)
        if isWide, rest.height - height >= Self.leastSheet { sheet = rest.takeBottom(rest.height - height) }
        panes.append(Placed(pane: bottom, area: rest))
    }

    /// The sagas, or the flows, above all about the selected one, which has the larger part.
    private mutating func arrangeSagas(_ area: Rect, _ focus: Pane, _ rows: Int) {
        var rest = area
        guard area.height >= Self.stackedHeight else {
            panes = [Placed(pane: focus, area: area)]
            return
        }
        let height = max(6, min(max(5, rows) + 3, area.height / 3))
        panes = [Placed(pane: focus, area: rest.takeTop(height))]
        sheet = rest
    }

    /// The stores above the projections above the log; where there is no room for all, the one with the focus above the
    /// log, or the stores above it if the log has the focus.
    private static func events(_ area: Rect, _ focus: Pane, _ rows: (Pane) -> Int) -> [Placed] {
        guard area.height >= stackedHeight else { return [Placed(pane: focus, area: area)] }
        var rest = area
        guard area.height >= allEventsHeight else {
            let top = focus == .log ? Pane.stores : focus
            let most = focus == .log ? area.height * 2 / 5 : area.height * 3 / 5
            return [
                Placed(pane: top, area: rest.takeTop(max(5, min(rows(top) + 3, most)))), Placed(pane: .log, area: rest),
            ]
        }
        return [
            Placed(pane: .stores, area: rest.takeTop(max(5, min(rows(.stores) + 3, area.height * 2 / 5)))),
            Placed(pane: .projections, area: rest.takeTop(min(max(3, rows(.projections) + 3), area.height / 3))),
            Placed(pane: .log, area: rest),
        ]
    }

    /// The routes above what their requests pass and the backends, above the log; where there is no room for all, the
    /// routes above the one with the focus. Without a gateway there are only backends.
    private static func gateway(_ area: Rect, _ focus: Pane, isWide: Bool, _ routes: Int) -> [Placed] {
        guard area.height >= stackedHeight, routes > 0 else { return [Placed(pane: focus, area: area)] }
        var rest = area
        let top = Placed(pane: .routes, area: rest.takeTop(max(5, min(routes + 3, area.height * 2 / 5))))
        guard isWide else { return [top, Placed(pane: focus == .routes ? .chain : focus, area: rest)] }
        let log = Placed(pane: .accessLog, area: rest.takeBottom(max(6, rest.height / 3)))
        let middle = rest.columns([.weight(1), .weight(1)])
        return [top, Placed(pane: .chain, area: middle[0]), Placed(pane: .backends, area: middle[1]), log]
    }

    /// With fewer rows than this, there is no room for the stores, the projections and the log.
    private static let allEventsHeight = 28

    private static let leastSheet = 8

    private static let overviewWidth = 110
    private static let overviewHeight = 36
    private static let sidebarWidth = 180
    /// With fewer rows than this, one pane is all that there is room for.
    private static let stackedHeight = 16

    /// All panes: what runs at the top, what it runs on in the middle, what happened at the bottom.
    private static func overview(_ area: Rect, _ serviceRows: Int) -> [Placed] {
        let middle = max(8, min(serviceRows + 3, area.height / 3))
        let bands = area.rows([.weight(1), .fixed(middle), .weight(1)])
        let sides = bands.map { $0.columns([.weight(61), .weight(39)]) }
        var corner = sides[2][1]
        let requests = corner.takeTop(max(8, corner.height - 8))
        return [
            Placed(pane: .sagas, area: sides[0][0]), Placed(pane: .breakers, area: sides[0][1]),
            Placed(pane: .services, area: sides[1][0]), Placed(pane: .caches, area: sides[1][1]),
            Placed(pane: .events, area: sides[2][0]), Placed(pane: .requests, area: requests),
            Placed(pane: .faults, area: corner),
        ]
    }

    /// The pane with the focus above the events, or above the breakers if those are it.
    private static func stacked(_ area: Rect, _ focus: Pane) -> [Placed] {
        guard area.height >= stackedHeight else { return [Placed(pane: focus, area: area)] }
        let parts = area.rows([.weight(3), .weight(2)])
        return [
            Placed(pane: focus, area: parts[0]), Placed(pane: focus == .events ? .breakers : .events, area: parts[1]),
        ]
    }
}
