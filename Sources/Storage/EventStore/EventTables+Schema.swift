extension EventTables {
    /// How the file of an event store is laid out.
    ///
    /// Names of streams, categories and types are numbered. Events stand in the order of their positions; an index finds
    /// them by stream and version, and one finds the first event of an append by its id. Which stretches of the log hold
    /// events of a category is noted by blocks of 256 positions, which costs far less than an index of every event.
    static let layout = StorageFile.Layout(
        // "SAGA".
        applicationID: 0x5341_4741, version: 1, name: "event store",
        schema: """
            CREATE TABLE stream (
              number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, category INTEGER NOT NULL,
              removed_version INTEGER NOT NULL DEFAULT -1, beginning INTEGER NOT NULL DEFAULT 0,
              first_version INTEGER NOT NULL DEFAULT 0, is_tombstoned INTEGER NOT NULL DEFAULT 0);
            CREATE TABLE category (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
            CREATE TABLE type (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
            CREATE TABLE event (
              position INTEGER PRIMARY KEY, category INTEGER NOT NULL, stream INTEGER NOT NULL, version INTEGER NOT NULL,
              id BLOB NOT NULL, type INTEGER NOT NULL, schema INTEGER NOT NULL, begins_append INTEGER NOT NULL,
              correlation BLOB, causation BLOB, recorded_at INTEGER NOT NULL, data BLOB NOT NULL,
              metadata BLOB NOT NULL);
            CREATE UNIQUE INDEX event_version ON event (stream, version);
            CREATE INDEX event_append ON event (stream, id) WHERE begins_append = 1;
            CREATE TABLE category_block (
              category INTEGER NOT NULL, block INTEGER NOT NULL, PRIMARY KEY (category, block)) WITHOUT ROWID;
            CREATE TABLE snapshot (
              stream INTEGER PRIMARY KEY, version INTEGER NOT NULL, schema INTEGER NOT NULL, data BLOB NOT NULL,
              taken_at INTEGER NOT NULL);
            CREATE TABLE head (position INTEGER NOT NULL);
            INSERT INTO head VALUES (0);
            CREATE VIEW events AS
              SELECT position, stream.name AS stream, version, type.name AS type, schema,
                recorded_at / 1e9 AS seconds, CAST(data AS TEXT) AS data, lower(hex(id)) AS id,
                lower(hex(correlation)) AS correlation, lower(hex(causation)) AS causation
              FROM event JOIN stream ON stream.number = event.stream JOIN type ON type.number = event.type;
            """)
}
