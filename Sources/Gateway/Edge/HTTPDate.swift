/// Moments in the calendar as fields have them, in seconds since 1970 (RFC 9110, section 5.6.7).
///
/// The gateway's clock has no calendar, so that only differences between two of them mean something.
enum HTTPDate {
    /// Reads any of the three forms; nil for anything else. A year of two digits is one of 1970 to 2069.
    static func seconds(_ bytes: borrowing Span<UInt8>) -> Int64? {
        var comma = 0
        while comma < bytes.count, bytes[comma] != 0x2c { comma += 1 }
        if comma == bytes.count { return asctime(bytes) }
        guard comma + 1 < bytes.count, bytes[comma + 1] == 0x20 else { return nil }
        let start = comma + 2
        guard bytes.count - start >= 22 else { return nil }
        let isObsolete = bytes[start + 2] == 0x2d
        let yearDigits = isObsolete ? 2 : 4
        let time = start + 8 + yearDigits
        guard bytes.count == time + 12, bytes[start + 2] == (isObsolete ? 0x2d : 0x20),
            bytes[start + 6] == bytes[start + 2],
            bytes[time - 1] == 0x20, let year = number(bytes, start + 7, yearDigits),
            bytes.extracting(time + 8..<time + 12).equals(lowercase: " gmt")
        else { return nil }
        let century: Int64 = isObsolete ? (year < 70 ? 2_000 : 1_900) : 0
        return moment(century + year, month(bytes, start + 3), number(bytes, start, 2), clock(bytes, time))
    }

    /// `Sun Nov  6 08:49:37 1994`.
    private static func asctime(_ bytes: borrowing Span<UInt8>) -> Int64? {
        guard bytes.count == 24, let year = number(bytes, 20, 4) else { return nil }
        let day = bytes[8] == 0x20 ? number(bytes, 9, 1) : number(bytes, 8, 2)
        return moment(year, month(bytes, 4), day, clock(bytes, 11))
    }

    /// `08:49:37`, in seconds; a leap second counts as one.
    private static func clock(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Int64? {
        guard bytes[start + 2] == 0x3a, bytes[start + 5] == 0x3a, let hours = number(bytes, start, 2),
            let minutes = number(bytes, start + 3, 2), let seconds = number(bytes, start + 6, 2),
            hours < 24, minutes < 60, seconds <= 60
        else { return nil }
        return hours * 3_600 + minutes * 60 + seconds
    }

    private static func number(_ bytes: borrowing Span<UInt8>, _ start: Int, _ count: Int) -> Int64? {
        Headers.deltaSeconds(bytes, start..<start + count)
    }

    private static func month(_ bytes: borrowing Span<UInt8>, _ start: Int) -> Int64? {
        let name = bytes.extracting(start..<start + 3)
        let names: StaticString = "janfebmaraprmayjunjulaugsepoctnovdec"
        return names.withUTF8Buffer { letters in
            for month in 0..<12 where spells(name, letters, at: 3 * month) { return Int64(month) + 1 }
            return nil
        }
    }

    private static func spells(_ name: borrowing Span<UInt8>, _ letters: UnsafeBufferPointer<UInt8>, at start: Int)
        -> Bool
    {
        for index in 0..<3 where name[index].lowercased != letters[start + index] { return false }
        return true
    }

    /// The days from the first of March of a year on, in which leap days come last (Hinnant, *chrono-compatible low-level
    /// date algorithms*).
    private static func moment(_ year: Int64, _ month: Int64?, _ day: Int64?, _ seconds: Int64?) -> Int64? {
        guard let month, let day, let seconds, (1...31).contains(day) else { return nil }
        let year = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let days = 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
        return days * 86_400 + seconds
    }
}
