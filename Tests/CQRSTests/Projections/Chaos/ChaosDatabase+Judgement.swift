import CQRS
import EventSourcing

extension ChaosDatabase {
    /// After a commit, now and then: the segment's streams hold what is up to the checkpoint, each event once, in order.
    mutating func judgeSometimes(_ version: Int, _ segment: Segment, upTo checkpoint: Position) {
        commits += 1
        if commits % 8 == 0 { judge(version, segment, upTo: checkpoint) }
    }

    mutating func judge(_ version: Int, _ segment: Segment, upTo checkpoint: Position) {
        guard let tables = models[version]?.tables else { return }
        var wanted: [String: [Position]] = [:]
        for event in events(after: .start, through: checkpoint)
        where event.event.type != Self.unwanted && segment.contains(SequenceKey(event.stream)) {
            wanted[event.stream.text, default: []].append(event.position)
        }
        for (stream, positions) in wanted {
            let applied = tables.rows[stream] ?? []
            let aside = tables.letters.letters(of: stream).map { Position(Int64($0.id.low)) }
            let here = applied + aside
            if here != here.sorted() { complaints.append("\(stream) of \(version) is out of order: \(here)") }
            if Set(here).count != here.count { complaints.append("\(stream) of \(version) has one twice: \(here)") }
            if here != positions.filter({ !tables.skipped.contains($0) }) {
                complaints.append("\(stream) of \(version) at \(checkpoint): \(here) instead of \(positions)")
            }
        }
        let all = tables.rows.filter { segment.contains(SequenceKey(name: $0.key)) }.values.joined()
        if let last = all.max(), last > checkpoint {
            complaints.append("\(version) has applied \(last) and is at \(checkpoint)")
        }
    }

    /// What a run says is settled: a reader that waits for it must find it.
    mutating func judge(settled: Position, _ version: Int, _ segment: Segment) {
        let stored = checkpoint(version, segment) ?? .start
        guard models[version] != nil, settled > stored else { return }
        let missing = events(after: stored, through: settled).first { event in
            event.event.type != Self.unwanted && segment.contains(SequenceKey(event.stream))
        }
        if let missing { complaints.append("\(missing.position) counts as settled, and \(version) is at \(stored)") }
    }

    /// At the end: the read model is what a fresh replay gives, and what events do outside was done once.
    mutating func judgeEnd(of segments: [Segment]) {
        guard let tables = models[serving.version]?.tables else {
            complaints.append("nothing serves")
            return
        }
        let head = Position(Int64(log.count))
        for segment in segments {
            judge(serving.version, segment, upTo: head)
            if checkpoint(serving.version, segment) != head {
                complaints.append("\(segment) of \(serving.version) is not at the end")
            }
        }
        if tables.letters.count > 0 { complaints.append("\(tables.letters.count) are still set aside") }
        for position in tables.rows.values.joined() where !everAside.contains(position) {
            if effects[position] != 1 { complaints.append("event \(position) was not done outside") }
        }
        for (position, failure) in handler.broken where failure != .unknownType {
            complaints.append("\(position) is still broken")
        }
        for position in tables.skipped where handler.broken[position] != .unknownType {
            complaints.append("\(position) was left out")
        }
    }
}
