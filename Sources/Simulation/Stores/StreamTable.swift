import Timeline

/// The numbers of a store's streams by what they are about: a hash table in one flat array.
struct StreamTable: Sendable {
    /// Keys and numbers in turn; a number of 0 marks a free place, others are one more than the stream's.
    private var places: [Place] = []
    private(set) var count = 0

    private struct Place {
        var key: UInt64 = 0
        var number: UInt32 = 0
    }

    /// The stream of a key; nil if there is none.
    func stream(of key: UInt64) -> UInt32? {
        guard !places.isEmpty else { return nil }
        let place = places[find(key)]
        return place.number == 0 ? nil : place.number - 1
    }

    /// Gives a key that has none a stream.
    mutating func add(_ key: UInt64, _ stream: UInt32) {
        if count * 2 >= places.count { grow() }
        places[find(key)] = Place(key: key, number: stream + 1)
        count += 1
    }

    /// Where a key is, or would be.
    private func find(_ key: UInt64) -> Int {
        var index = Int(RandomStream.scramble(key ^ 0x5bd1_e995) & UInt64(places.count - 1))
        while places[index].number != 0, places[index].key != key { index = (index + 1) & (places.count - 1) }
        return index
    }

    private mutating func grow() {
        let old = places
        places = [Place](repeating: Place(), count: max(64, old.count * 2))
        for place in old where place.number != 0 { places[find(place.key)] = place }
    }
}
