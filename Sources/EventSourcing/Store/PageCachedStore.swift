import Caching
public import Timeline

/// An event store whose streams are read through a cache of pages.
///
/// Only pages that are full are cached: their events never change, so what is cached is never stale, and what is still
/// growing is read from the store each time. What has been hidden or deleted since is asked of the store before every
/// read, and cut off.
public struct PageCachedStore<Base: EventStore>: EventStore {
    /// The store behind the cache.
    public private(set) var base: Base
    /// Pages that were found, and pages that had to be read.
    public private(set) var pages = PageCounts()
    private var cache: LRUCache<PageKey, [RecordedEvent]>

    /// How many pages were asked for.
    public struct PageCounts: Hashable, Sendable {
        /// Found in the cache.
        public var hits: UInt64 = 0
        /// Read from the store, and kept.
        public var misses: UInt64 = 0
        /// Not full yet, or not all to be seen any more: read from the store, and not kept.
        public var bypassed: UInt64 = 0
    }

    private struct PageKey: CacheKey {
        let stream: StreamName
        let number: Int64

        var fingerprint: UInt64 {
            var digest = Digest()
            digest.mix(text: stream.text)
            digest.mix(UInt64(bitPattern: number))
            return digest.value
        }
    }

    /// Events on a page.
    private static var pageSize: Int64 { 64 }

    /// A cache for so many pages of 64 events before a store.
    public init(_ base: Base, pages: Int) {
        self.base = base
        cache = LRUCache(capacity: pages)
    }

    /// Reads a page of a stream.
    public mutating func read(
        _ stream: StreamName, from version: StreamVersion?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> StreamPage {
        let state = try base.state(of: stream)
        if state.isTombstoned { throw .streamDeleted(stream) }
        let (versions, next) = state.page(from: version, direction, limit: PageSize.clamped(limit))
        var events: [RecordedEvent] = []
        if let versions, let visible = state.versions {
            let numbers = versions.lowerBound.number / Self.pageSize...versions.upperBound.number / Self.pageSize
            for number in numbers {
                events += try page(number, of: stream, showing: visible).filter { versions.contains($0.version) }
            }
        }
        if direction == .backward { events.reverse() }
        return StreamPage(events: events, next: next, state: state)
    }

    private mutating func page(
        _ number: Int64, of stream: StreamName, showing visible: ClosedRange<StreamVersion>
    ) throws(EventStoreError) -> [RecordedEvent] {
        let first = StreamVersion(number * Self.pageSize)
        let last = first + Int(Self.pageSize - 1)
        guard visible.contains(first), visible.contains(last) else {
            pages.bypassed += 1
            return try base.read(stream, from: first, .forward, limit: Int(Self.pageSize)).events
        }
        let key = PageKey(stream: stream, number: number)
        // The order of use is all that matters here, and that needs no time.
        if case .hit(let events, _) = cache.get(key, at: .zero) {
            pages.hits += 1
            return events
        }
        pages.misses += 1
        let events = try base.read(stream, from: first, .forward, limit: Int(Self.pageSize)).events
        if events.count == Int(Self.pageSize) { cache.insert(key, events, at: .zero) }
        return events
    }
}

// What is not about the pages of streams is the store's own business.
extension PageCachedStore {
    /// How much it takes at once.
    public var limits: AppendLimits { base.limits }

    /// What the store behind the cache has done so far.
    public var metrics: EventStoreMetrics { base.metrics }

    /// Appends events to one or several streams: all of them, or none.
    public mutating func append(_ appends: [StreamAppend], at now: Instant) throws(EventStoreError) -> [Appended] {
        try base.append(appends, at: now)
    }

    /// Reads a page of the log.
    public mutating func readLog(
        _ filter: LogFilter, from position: Position?, _ direction: ReadDirection, limit: Int
    ) throws(EventStoreError) -> LogPage {
        try base.readLog(filter, from: position, direction, limit: limit)
    }

    /// What there is to know about a stream.
    public mutating func state(of stream: StreamName) throws(EventStoreError) -> StreamState {
        try base.state(of: stream)
    }

    /// Where a stream holds an append that began with an event of this id.
    public mutating func append(
        beginningWith id: EventID, in stream: StreamName
    ) throws(EventStoreError) -> StreamVersion? {
        try base.append(beginningWith: id, in: stream)
    }

    /// Hides a stream's events before a version.
    public mutating func truncate(_ stream: StreamName, before version: StreamVersion) throws(EventStoreError) {
        try base.truncate(stream, before: version)
    }

    /// Deletes a stream for the time being, or for ever; its pages leave the cache when nobody uses them.
    public mutating func delete(
        _ stream: StreamName, for extent: Deletion, expecting expected: ExpectedVersion, at now: Instant
    ) throws(EventStoreError) {
        try base.delete(stream, for: extent, expecting: expected, at: now)
    }

    /// Removes hidden events from the log, up to a position, and all pages from the cache: nothing of them may stay.
    public mutating func scavenge(upTo position: Position) throws(EventStoreError) -> Int {
        cache.removeAll()
        return try base.scavenge(upTo: position)
    }

    /// Keeps a snapshot.
    public mutating func save(_ snapshot: Snapshot) throws(EventStoreError) {
        try base.save(snapshot)
    }

    /// The latest snapshot of a stream.
    public mutating func snapshot(of stream: StreamName) throws(EventStoreError) -> Snapshot? {
        try base.snapshot(of: stream)
    }

    /// The streams that have events, in order of their names.
    public mutating func streams(
        in category: String?, after name: StreamName?, limit: Int
    ) throws(EventStoreError) -> [StreamListing] {
        try base.streams(in: category, after: name, limit: limit)
    }
}
