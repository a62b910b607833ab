import EventSourcing

/// Which results have which tags, and up to which event each goes.
struct TagIndex: Sendable {
    private struct Tagged {
        let tags: [String]
        let position: Position?
    }

    private var queriesOf: [String: Set<Query>] = [:]
    private var tagged: [Query: Tagged] = [:]

    /// The queries whose results have a tag and do not include the event at a position, in no order: whoever goes
    /// through them must not let it be seen.
    func queries(with tag: String, before position: Position?) -> Set<Query> {
        guard let queries = queriesOf[tag] else { return [] }
        guard let position else { return queries }
        return queries.filter { query in
            guard let reached = tagged[query]?.position else { return true }
            return reached < position
        }
    }

    mutating func add(_ query: Query, _ tags: [String], at position: Position?) {
        guard !tags.isEmpty else { return }
        tagged[query] = Tagged(tags: tags, position: position)
        for tag in tags { queriesOf[tag, default: []].insert(query) }
    }

    mutating func remove(_ query: Query) {
        for tag in tagged.removeValue(forKey: query)?.tags ?? [] {
            queriesOf[tag]?.remove(query)
            if queriesOf[tag]?.isEmpty == true { queriesOf[tag] = nil }
        }
    }
}
