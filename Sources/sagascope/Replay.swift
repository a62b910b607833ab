import ArgumentParser
import Foundation
import Scenarios
import Simulation
import Storage
import Terminal
import Timeline

/// `sagascope replay FILE`
struct Replay: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open a recorded run at any moment.",
        discussion: """
            The program that recorded it runs it again, to the same digests, and goes on from any moment. \
            Another one shows what was recorded.
            """)

    @Argument(help: ArgumentHelp("A file that run --record has written.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The moment, such as 31.5s; the end of the recording if left out.", valueName: "time"))
    var at: String?

    @Flag(help: "Without a screen: run it again, compare it with the recording, and report.")
    var headless = false

    func run() throws {
        try complainingAloud {
            let recorded = try recording()
            let moment = try moment(in: recorded)
            guard recorded.build == Build.id else { return tell(recorded, at: moment) }
            try headless ? verify(recorded, upTo: moment) : open(recorded, at: moment)
        }
    }

    private func recording() throws(Complaint) -> RecordedRun {
        do {
            var store = try SQLiteEventStore(path: file, isReadOnly: true)
            let recorded = try RecordedRun(from: &store)
            try store.close()
            return recorded
        } catch let error as StorageError {
            throw .unusableInput("\(error)")
        } catch {
            throw .unusableInput("\(file): \(error)")
        }
    }

    private func moment(in recorded: RecordedRun) throws(Complaint) -> Instant {
        guard let at else { return recorded.end }
        guard let length = Duration(parsing: at), length >= .zero else {
            throw .badUsage("--at \(at): write a time with its unit, such as 31.5s")
        }
        guard .after(length) <= recorded.end else {
            throw .badUsage("--at \(at): the recording ends at \(recorded.end.sinceZero)")
        }
        return .after(length)
    }

    /// The run as it was recorded, at a moment, with time still.
    private func session(_ recorded: RecordedRun, upTo moment: Instant) throws(Complaint) -> Session {
        do {
            var session = try recorded.session(options: Session.Options())
            for keyframe in recorded.keyframes where keyframe.time <= moment {
                session.run(upTo: keyframe.time)
                let digest = "\(session.simulation.world.runDigest)"
                guard digest == keyframe.digest else {
                    throw Complaint.notTheSame(
                        "\(file): run again, it is not the same by \(keyframe.time): "
                            + "digest \(digest), recorded \(keyframe.digest)")
                }
            }
            session.run(upTo: moment)
            return session
        } catch let complaint as Complaint {
            throw complaint
        } catch {
            throw .unusableInput("\(file): \(error)")
        }
    }

    private func verify(_ recorded: RecordedRun, upTo moment: Instant) throws(Complaint) {
        let session = try session(recorded, upTo: moment)
        let compared = recorded.keyframes.count { $0.time <= moment }
        printError("\(file): run again up to \(moment), the same at \(compared) recorded moments")
        print(Report(on: session).text)
    }

    private func open(_ recorded: RecordedRun, at moment: Instant) throws {
        let session = try session(recorded, upTo: moment)
        guard let terminal = try? Terminal() else {
            printError("\(file): this is no terminal to paint on; --headless reports without one")
            throw ExitCode(64)
        }
        var flight = Flight(terminal: terminal, session: session, themes: Library.allThemes(), endsByItself: false)
        switch flight.fly() {
        case .quit, .runOver: _ = flight.land()
        case .terminated: throw ExitCode(128 + SIGTERM)
        case .hungUp: throw ExitCode(128 + SIGHUP)
        }
    }

    /// Shows what was recorded, where this program would run it differently.
    private func tell(_ recorded: RecordedRun, at moment: Instant) {
        let (transitions, keyframe) = recorded.state(at: moment)
        print("\(recorded.name), seed \(recorded.seed), at \(moment) of \(recorded.end)")
        print("Another build of sagascope has recorded this, so it is not run again: this is what was recorded.")
        print("ended: \(recorded.verdict ?? "its program was stopped before the end")")
        print("\nWhat had happened (\(transitions.count), the last 40):")
        for each in transitions.suffix(40) { print("  \(each.time)  \(each.text)") }
        if !recorded.commands.isEmpty {
            print("\nWhat the operator did:")
            for command in recorded.commands { print("  \(command)") }
        }
        guard let keyframe else { return print("\nNothing was measured by then.") }
        print("\nHow everything stood at \(keyframe.time), digest \(keyframe.digest):\n\(Self.indented(keyframe.text))")
        print("\nMore: sqlite3 \(file) \"SELECT * FROM transitions\"; sagascope help recording")
    }

    private static func indented(_ json: String) -> String {
        guard let value = try? JSONSerialization.jsonObject(with: Data(json.utf8)),
            let data = try? JSONSerialization.data(withJSONObject: value, options: [.prettyPrinted, .sortedKeys])
        else { return json }
        return String(decoding: data, as: UTF8.self)
    }
}
