import EventSourcing
import Foundation
import Scenarios
import Storage
import Timeline

/// The file in which a run is recorded while it goes on: an event store that anybody can query.
///
/// What was written is safe at once, also if the program is killed. If the file can be written no more, the run goes on
/// without, and what is there stays.
struct RecordingFile {
    private var store: SQLiteEventStore
    private var recorder: Recorder
    /// Up to where the run is in the file.
    private var written = Instant.zero
    /// Why nothing more is written; nil while all is well.
    private(set) var problem: String?

    /// Makes the file and writes how the run was started.
    init(_ path: String, of session: Session) throws(Complaint) {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw .unusableInput("\(path) exists already; choose another name for the recording")
        }
        // Made first, since it takes time: whoever is stopped meanwhile leaves no empty file.
        recorder = Recorder(build: Build.id)
        do {
            store = try SQLiteEventStore(path: path, views: Self.views)
            _ = try store.append(recorder.start(of: session), at: session.now)
        } catch {
            // There was no such file before, and a recording without its beginning is of no use.
            for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            throw .cannotWrite("\(error)")
        }
    }

    /// Writes what has happened since the last time.
    mutating func follow(_ session: inout Session) {
        guard problem == nil else { return }
        append(recorder.news(of: &session), at: session.now)
    }

    /// Writes how the run has ended.
    mutating func finish(_ session: inout Session) {
        guard problem == nil else { return }
        append(recorder.end(of: &session), at: session.now)
        // If there is no room left to tidy it up, the file is complete all the same.
        try? store.finish()
    }

    private mutating func append(_ appends: [StreamAppend], at now: Instant) {
        guard !appends.isEmpty else { return }
        do throws(EventStoreError) {
            _ = try store.append(appends, at: now)
            written = now
        } catch {
            problem = "the recording ends at \(written): \(error)"
        }
    }

    /// What makes a recording easy to query; `sagascope help recording` describes them.
    private static let views = """
        CREATE VIEW runs AS
          SELECT json_extract(data, '$.scenario') AS scenario, json_extract(data, '$.seed') AS seed,
            json_extract(data, '$.build') AS build, json_extract(data, '$.file') AS file
          FROM events WHERE type = 'RecordingStarted';
        CREATE VIEW transitions AS
          SELECT json_extract(data, '$.at') / 1e9 AS seconds, json_extract(data, '$.component') AS component,
            json_extract(data, '$.what') AS what, json_extract(data, '$.text') AS text
          FROM events WHERE type = 'Transition';
        CREATE VIEW keyframes AS
          SELECT json_extract(data, '$.virtualTimeSeconds') AS seconds, json_extract(data, '$.events') AS events,
            json_extract(data, '$.digest') AS digest, json_extract(data, '$.requests.offered') AS offered,
            json_extract(data, '$.requests.ok') AS ok, json_extract(data, '$.requests.failed') AS failed, data
          FROM events WHERE type = 'Keyframe';
        CREATE VIEW commands AS
          SELECT json_extract(command.value, '$.line') AS command FROM
            (SELECT data FROM events WHERE type = 'CommandsChanged' ORDER BY position DESC LIMIT 1) AS latest,
            json_each(latest.data, '$.commands') AS command WHERE json_extract(command.value, '$.isLive');
        """
}

/// What tells this very program from any other one.
enum Build {
    /// The fingerprint of the program's file.
    static let id: String = {
        // Mapped whatever the system thinks of it: reading it would take longer than all else that recording costs.
        guard let program = Bundle.main.executableURL,
            let bytes = try? Data(contentsOf: program, options: .alwaysMapped)
        else { return "unknown" }
        var digest = Digest()
        bytes.withUnsafeBytes { bytes in
            let words = bytes.bindMemory(to: UInt64.self)
            for word in words { digest.mix(word) }
        }
        digest.mix(UInt64(bytes.count))
        return "\(digest)"
    }()
}
