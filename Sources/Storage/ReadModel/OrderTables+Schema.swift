extension OrderTables {
    /// How the file of a read model is laid out.
    ///
    /// Each version of the read model has tables of its own, named by its number, so that one can be made while another
    /// serves. The views show the version that serves, to people and their tools.
    static let layout = StorageFile.Layout(
        // "SAGR".
        applicationID: 0x5341_4752, version: 1, name: "read model",
        schema: """
            CREATE TABLE serving (
              version INTEGER NOT NULL, since INTEGER NOT NULL, previous INTEGER, previous_since INTEGER NOT NULL,
              candidate INTEGER, last_proposal INTEGER NOT NULL);
            INSERT INTO serving VALUES (1, 0, NULL, 0, NULL, 0);
            CREATE TABLE projection (
              version INTEGER PRIMARY KEY, checkpoint INTEGER NOT NULL DEFAULT 0, moved_at INTEGER);
            \(schema(of: 1)) \(views(of: 1))
            """)

    /// What makes the tables of a version.
    static func schema(of version: Int) -> String {
        """
        INSERT INTO projection (version) VALUES (\(version));
        CREATE TABLE "order_summary_\(version)" (
          id TEXT PRIMARY KEY, customer TEXT NOT NULL, status TEXT NOT NULL, total INTEGER NOT NULL,
          items INTEGER NOT NULL, placed INTEGER NOT NULL, placed_at INTEGER NOT NULL, updated INTEGER NOT NULL,
          updated_at INTEGER NOT NULL, version INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX "order_placed_\(version)" ON "order_summary_\(version)" (customer, placed);
        CREATE TABLE "customer_order_stats_\(version)" (
          customer TEXT PRIMARY KEY, orders INTEGER NOT NULL, cancelled INTEGER NOT NULL, refunded INTEGER NOT NULL,
          spent INTEGER NOT NULL, last_order TEXT, last_placed INTEGER, last_at INTEGER) WITHOUT ROWID;
        CREATE TABLE "set_aside_\(version)" (
          position INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, waits INTEGER NOT NULL, failure INTEGER,
          detail TEXT NOT NULL, attempts INTEGER NOT NULL, at INTEGER NOT NULL, stream TEXT NOT NULL,
          version INTEGER NOT NULL, recorded_at INTEGER NOT NULL, id BLOB NOT NULL, type TEXT NOT NULL,
          schema INTEGER NOT NULL, data BLOB NOT NULL, metadata BLOB NOT NULL, correlation BLOB, causation BLOB);
        CREATE INDEX "waiting_\(version)" ON "set_aside_\(version)" (sequence, position) WHERE waits = 1;
        """
    }

    /// What makes the views show a version.
    static func views(of version: Int) -> String {
        """
        DROP VIEW IF EXISTS order_summary;
        CREATE VIEW order_summary AS
          SELECT id, customer, status, total / 100.0 AS total, items, placed_at / 1e9 AS placed_seconds,
            updated_at / 1e9 AS updated_seconds, version FROM "order_summary_\(version)";
        DROP VIEW IF EXISTS customer_order_stats;
        CREATE VIEW customer_order_stats AS
          SELECT customer, orders, cancelled, refunded, spent / 100.0 AS spent, last_order,
            last_at / 1e9 AS last_seconds FROM "customer_order_stats_\(version)";
        DROP VIEW IF EXISTS set_aside;
        CREATE VIEW set_aside AS
          SELECT position, stream, version, type, detail, attempts, waits, at / 1e9 AS seconds,
            CAST(data AS TEXT) AS data FROM "set_aside_\(version)";
        """
    }

    /// What drops the tables of a version.
    static func dropping(_ version: Int) -> String {
        """
        DELETE FROM projection WHERE version = \(version);
        DROP TABLE "order_summary_\(version)";
        DROP TABLE "customer_order_stats_\(version)";
        DROP TABLE "set_aside_\(version)";
        """
    }
}
