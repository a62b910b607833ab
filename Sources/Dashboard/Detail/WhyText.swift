internal import Screen
internal import Simulation
internal import Timeline

/// A chain of causes as lines, from what happened back to what began it.
enum WhyText {
    static func lines(_ chain: [Entry], _ scene: Scene, _ glyphs: Glyphs) -> [Line] {
        guard let first = chain.first, let root = chain.last else { return [Line("no entry of it is held any more")] }
        var lines = chain.enumerated().map { position, entry in
            line(entry, isFirst: position == 0, after: first.time, scene, glyphs)
        }
        lines.append(.empty)
        lines.append(Line(.text("It began with: ", .faint), .text(scene.news(of: root), .title)))
        return lines
    }

    private static func line(
        _ entry: Entry, isFirst: Bool, after latest: Instant, _ scene: Scene, _ glyphs: Glyphs
    ) -> Line {
        let age = latest - entry.time
        let when = isFirst ? "\(entry.time)" : "\(Figures.length(age)) before".indented(to: 12)
        let request = entry.request == 0 ? "" : "  #\(entry.request)"
        return Line(
            .text(when + "  ", .faint), .text(isFirst ? "" : "\(Character(glyphs.marks.leftArrow)) ", .faint),
            .text(scene.news(of: entry), isFirst ? .title : entry.what.role),
            .text(request, .faint))
    }
}

extension Journal {
    /// The chain of causes of an entry as far as it is held: what a frame can afford.
    func heldChain(from id: EntryID, atMost count: Int) -> [Entry] {
        var chain: [Entry] = []
        var next = id
        while chain.count < count, let entry = self[next] {
            chain.append(entry)
            next = entry.cause
        }
        return chain
    }
}
