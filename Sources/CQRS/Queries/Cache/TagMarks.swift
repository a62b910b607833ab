import Caching
import EventSourcing
import Timeline

/// When tags were last invalidated: by count, and by the position of the event that did it.
///
/// What is forgotten for want of room is remembered as one mark for all tags of which nothing else is known.
struct TagMarks: Sendable {
    struct Mark: Hashable, Sendable {
        var number: UInt64 = 0
        var position: Position?

        mutating func include(_ other: Mark) {
            number = max(number, other.number)
            if let new = other.position { position = max(position ?? new, new) }
        }
    }

    enum Staleness {
        case cleared
        case changed(String)
        case behind(String)
    }

    /// How many invalidations there were.
    private(set) var number: UInt64 = 0
    private var marks: LRUCache<String, Mark>
    private var forgotten = Mark()
    /// The last clearing of everything, by count.
    private var clearing: UInt64 = 0

    init(capacity: Int) {
        marks = LRUCache(capacity: capacity)
    }

    mutating func mark(_ tags: [String], at position: Position?) {
        number += 1
        for tag in tags {
            var mark = Mark(number: number, position: position)
            if case .hit(let former, _) = marks.get(tag, at: .zero) { mark.include(former) }
            if marks.capacity == 0 { forgotten.include(mark) }
            for evicted in marks.insert(tag, mark, at: .zero) where evicted.key != tag {
                forgotten.include(evicted.value)
            }
        }
    }

    mutating func clear() {
        number += 1
        clearing = number
    }

    /// Why a result with these tags is stale that was begun at a count and includes events up to a position.
    mutating func staleness(of tags: [String], since start: UInt64, position: Position?) -> Staleness? {
        if clearing > start { return .cleared }
        for tag in tags {
            let mark = if case .hit(let mark, _) = marks.get(tag, at: .zero) { mark } else { forgotten }
            if mark.number > start { return .changed(tag) }
            if let position, let changed = mark.position, position < changed { return .behind(tag) }
        }
        return nil
    }
}
