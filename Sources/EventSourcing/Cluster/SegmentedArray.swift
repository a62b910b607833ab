/// A list that only grows at its end, kept so that a copy of it is cheap: full segments are shared by all copies, and only
/// the last one is copied when one of them goes on.
public struct SegmentedArray<Element: Sendable>: Sendable {
    private var sealed: [[Element]] = []
    private var latest: [Element] = []
    private let segment: Int

    /// An empty list of segments of so many elements, 1 or more.
    public init(segment: Int) {
        self.segment = max(1, segment)
    }

    /// How many elements there are.
    public var count: Int { sealed.count * segment + latest.count }

    /// An element by its index. A change copies its segment where other copies share it.
    public subscript(index: Int) -> Element {
        get {
            let number = index / segment
            return number < sealed.count ? sealed[number][index % segment] : latest[index % segment]
        }
        set {
            let number = index / segment
            if number < sealed.count {
                sealed[number][index % segment] = newValue
            } else {
                latest[index % segment] = newValue
            }
        }
    }

    /// Adds an element.
    public mutating func append(_ element: Element) {
        if latest.count == segment {
            sealed.append(latest)
            latest.removeAll(keepingCapacity: true)
        }
        latest.append(element)
    }
}

extension SegmentedArray: Equatable where Element: Equatable {}
extension SegmentedArray: Hashable where Element: Hashable {}
