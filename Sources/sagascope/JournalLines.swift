import Foundation
import Scenarios
import Simulation
import Timeline

/// Tells a run as lines of text, for a pipe or a terminal that cannot be painted on: what is worth telling, a line
/// each.
struct JournalLines {
    private var told = EntryID.none
    private var caption: String?

    /// Tells what has happened since the last time.
    mutating func tellNews(of session: Session) {
        var text = ""
        if session.caption != caption {
            caption = session.caption
            if let caption { text += "\(session.now)  \"\(caption)\"\n" }
        }
        for entry in session.simulation.journal.entries(from: EntryID(told.number + 1)) {
            told = entry.id
            guard !entry.what.isRoutine else { continue }
            text += "\(entry.time)  \(entry.text(session.simulation.plan))\n"
        }
        if !text.isEmpty { FileHandle.standardOutput.write(Data(text.utf8)) }
    }
}
