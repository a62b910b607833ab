/// What an event store has done, counted.
public struct EventStoreMetrics: Hashable, Sendable {
    /// Appends that took place.
    public var appends: UInt64 = 0
    /// Events that were appended.
    public var eventsAppended: UInt64 = 0
    /// Appends that had taken place before.
    public var repeatedAppends: UInt64 = 0
    /// Appends that were refused since the stream was not as expected.
    public var conflicts: UInt64 = 0
    /// Appends that were refused for another reason.
    public var refusals: UInt64 = 0
    /// Pages of streams and of the log that were read.
    public var pagesRead: UInt64 = 0
    /// Events on them.
    public var eventsRead: UInt64 = 0
    /// Snapshots that were kept.
    public var snapshotsSaved: UInt64 = 0
    /// Snapshots that were found when asked for.
    public var snapshotsFound: UInt64 = 0

    /// Nothing yet.
    public init() {}

    /// Counts appends that were made together.
    public mutating func count(_ appended: [Appended], of appends: [StreamAppend]) {
        for (append, appended) in zip(appends, appended) {
            if appended.wasThere {
                repeatedAppends += 1
            } else {
                self.appends += 1
                eventsAppended += UInt64(append.events.count)
            }
        }
    }

    /// Counts appends that were refused.
    public mutating func count(_ refusal: EventStoreError) {
        if case .wrongVersion = refusal { conflicts += 1 } else { refusals += 1 }
    }

    /// Counts a page.
    public mutating func countPage(of events: Int) {
        pagesRead += 1
        eventsRead += UInt64(events)
    }
}
