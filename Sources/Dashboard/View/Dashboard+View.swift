public import Scenarios
public import Screen
internal import Simulation

extension Dashboard {
    /// Draws the run and the dashboard; changes nothing.
    public func view(_ session: Session) -> Grid {
        draw(scene(session))
    }

    /// Draws a scene.
    func draw(_ scene: Scene) -> Grid {
        var canvas = Canvas(grid: Grid(width: width, height: height), look: look)
        guard Arrangement.fits(width, height) else {
            let least = "\(Arrangement.leastWidth)x\(Arrangement.leastHeight)"
            canvas.write("sagascope needs \(least), this is \(width)x\(height)  q quits", .text, in: canvas.grid.bounds)
            return canvas.grid
        }
        let arrangement = Arrangement(width: width, height: height, focus: focus, isZoomed: isZoomed) { pane in
            PaneContent.lines(of: pane, scene)
        }
        canvas.drawHeader(scene, in: arrangement.header)
        drawBody(scene, arrangement, on: &canvas)
        drawCaption(scene, arrangement, on: &canvas)
        canvas.drawFooter(
            scope, on: page, panes: page.panes(in: scene.plan).count, for: selection(scene), in: arrangement.footer)
        drawFront(scene, arrangement, on: &canvas)
        return canvas.grid
    }

    private func drawBody(_ scene: Scene, _ arrangement: Arrangement, on canvas: inout Canvas) {
        let panes = page.panes(in: scene.plan)
        let isNamed = arrangement.namesPanes && panes.count > 1
        canvas.drawTabs(Page.shown(scene.plan), page, isNamed ? panes : [], focus, in: arrangement.tabs)
        if let scroll = detailScroll {
            let detail = DetailText.of(
                selection(scene), scene, look.glyphs, columns: arrangement.body.width - 4)
            canvas.drawDetail(detail, in: arrangement.body, scroll: scroll, isFocused: true)
        } else {
            for placed in arrangement.panes {
                let content = PaneContent.of(placed.pane, scene, choices)
                canvas.draw(
                    content, of: placed.pane, in: placed.area,
                    selected: selection(in: placed.pane, of: content.table.items), isFocused: placed.pane == focus)
            }
            if let sheet = arrangement.sheet { drawSheet(scene, in: sheet, on: &canvas) }
        }
        if let sidebar = arrangement.sidebar {
            let detail = DetailText.of(selection(scene), scene, look.glyphs, columns: sidebar.width - 4)
            canvas.drawDetail(detail, in: sidebar, scroll: 0, isFocused: false)
        }
    }

    /// All about what is selected, in the way of its screen.
    private func drawSheet(_ scene: Scene, in area: Rect, on canvas: inout Canvas) {
        let selected = selection(scene)
        if page == .sagas, case .saga(let request)? = selected, let saga = scene.followed(request) {
            let sheet = SagaSheet(saga, scene, look.glyphs, columns: area.width - 4, rows: area.height - 2)
            canvas.draw(sheet, in: area)
        } else if page == .sagas, case .flow(let request)? = selected, let flow = scene.world.flow(ofRequest: request) {
            canvas.draw(FlowSheet(flow, scene, look.glyphs, columns: area.width - 4), in: area)
        } else if let sheet = BreakerSheet(selected, scene, look.glyphs) {
            canvas.draw(sheet, with: DetailText.shardLines(selected, scene), in: area)
        } else if page == .breakers, case .guardOn(let edge, let stage)? = selected {
            canvas.drawBreakers(of: GuardPlace(edge: edge, stage: stage), scene, in: area)
        } else {
            canvas.drawDetailInColumns(DetailText.of(selected, scene, look.glyphs), in: area)
        }
    }

    /// The line above the footer: what is typed, or else what the program says, or else what the scenario says.
    private func drawCaption(_ scene: Scene, _ arrangement: Arrangement, on canvas: inout Canvas) {
        if case .prompt(let prompt) = front {
            canvas.draw(prompt, in: arrangement.caption)
        } else {
            canvas.drawCaption(scene.status, notice, in: arrangement.caption)
        }
    }

    private func drawFront(_ scene: Scene, _ arrangement: Arrangement, on canvas: inout Canvas) {
        switch front {
        case .panes, .detail: break
        case .reading(let reading): canvas.draw(reading, in: arrangement.body)
        case .prompt(let prompt): canvas.drawRemarks(on: prompt, above: arrangement.caption)
        case .form(let form): canvas.draw(form, in: arrangement.body)
        case .menu(let menu): canvas.draw(menu, scene, in: arrangement.body)
        }
    }

    /// How many lines the detail of what is selected has.
    func detailLineCount(_ session: Session) -> Int {
        let scene = scene(session)
        return DetailText.of(selection(scene), scene, look.glyphs).lines.count
    }
}
