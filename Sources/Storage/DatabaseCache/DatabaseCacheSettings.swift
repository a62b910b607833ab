public import Timeline

/// How a cache in a database is set; every value has been checked.
public struct DatabaseCacheSettings: Hashable, Sendable {
    /// The most entries.
    public let mostRows: Int
    /// The most bytes that keys and encoded values have together; what SQLite adds comes on top.
    public let mostBytes: Int
    /// How long a call waits for another program that holds the file.
    public let patience: Duration
    /// How many pages of 4 KiB the file may have; nil for as many as the disk has room for. To try out a full disk.
    public let maximumPages: Int?

    /// Checks the settings.
    /// - Parameters:
    ///   - mostRows: 1 or more; 1 000 000 by default.
    ///   - mostBytes: 1 or more; 1 GiB by default.
    ///   - patience: 0 s to 60 s, in whole milliseconds; 100 ms by default, since a cache that waits longer than its
    ///     source takes is of no use.
    ///   - maximumPages: 1 or more, or nil.
    /// - Throws: a ``Timeline/SettingError`` that names the first setting out of its range.
    public init(
        mostRows: Int = 1_000_000, mostBytes: Int = 1 << 30, patience: Duration = .milliseconds(100),
        maximumPages: Int? = nil
    ) throws(SettingError) {
        guard mostRows >= 1 else { throw SettingError("mostRows", given: mostRows, allowed: "1 or more") }
        guard mostBytes >= 1 else { throw SettingError("mostBytes", given: mostBytes, allowed: "1 or more") }
        guard patience >= .zero, patience <= .seconds(60) else {
            throw SettingError("patience", given: patience, allowed: "0s to 60s")
        }
        if let maximumPages, maximumPages < 1 {
            throw SettingError("maximumPages", given: maximumPages, allowed: "1 or more")
        }
        self.mostRows = mostRows
        self.mostBytes = mostBytes
        self.patience = patience
        self.maximumPages = maximumPages
    }
}
