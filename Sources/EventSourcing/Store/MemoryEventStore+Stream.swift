extension MemoryEventStore {
    /// A stream with its places among the runs.
    struct Stream: Sendable {
        let name: StreamName
        let category: String
        var runs: [Int] = []
        var state = StreamState.none
        var snapshot: Snapshot?
        /// The latest version of each id.
        private(set) var versions: [EventID: StreamVersion] = [:]
        /// The latest version at which an append began with an id.
        private(set) var beginnings: [EventID: StreamVersion] = [:]

        /// A stream without events.
        init(name: StreamName) {
            self.name = name
            category = String(name.category)
        }

        /// Counts an append's events as its last ones, and notes their ids.
        mutating func count(_ events: [EventData]) {
            var version = state.nextVersion
            if let first = events.first { beginnings[first.id] = version }
            for event in events {
                versions[event.id] = version
                state.lastVersion = version
                version = version + 1
            }
        }

        /// Forgets the ids of events that were removed, unless later events have the same.
        mutating func forget(_ events: some Collection<EventData>, from version: StreamVersion) {
            var version = version
            for event in events {
                if versions[event.id] == version { versions[event.id] = nil }
                if beginnings[event.id] == version { beginnings[event.id] = nil }
                version = version + 1
            }
        }
    }
}
