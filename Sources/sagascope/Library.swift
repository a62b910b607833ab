import Foundation
import Scenarios

/// Where scenarios and themes lie: beside the package or the installed program, then in the XDG data folders.
struct Library {
    let folders: [URL]

    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let program = Bundle.main.executableURL?.resolvingSymlinksInPath()
        folders = Self.foldersAbove(program) + Self.dataFolders(environment)
    }

    /// A scenario's file: a path that exists, or the name of one that ships with the program.
    func scenario(_ name: String) throws(Complaint) -> String {
        if FileManager.default.fileExists(atPath: name) { return name }
        let known = scenarios()
        if let file = known.first(where: { $0.name == name }) { return file.path }
        let hint = Spelling.hint(for: name, among: known.map(\.name))
        throw .unusableInput("\(name): there is no such file, and no scenario of that name\(hint)")
    }

    /// The scenarios that ship with the program, by name.
    func scenarios() -> [(name: String, path: String)] {
        files(in: "demo-scenarios", ending: "yaml")
    }

    /// The themes that ship with the program, by name.
    func themes() -> [(name: String, path: String)] {
        files(in: "themes", ending: "theme")
    }

    /// The files of a folder; of two with one name, the first found counts.
    private func files(in folder: String, ending: String) -> [(name: String, path: String)] {
        var found: [String: String] = [:]
        for base in folders {
            let directory = base.appendingPathComponent(folder)
            let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
            for name in names where name.hasSuffix(".\(ending)") {
                let short = String(name.dropLast(ending.count + 1))
                if found[short] == nil { found[short] = directory.appendingPathComponent(name).path }
            }
        }
        return found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The package that the program was built in, or the `share` folder beside the `bin` that it lies in.
    private static func foldersAbove(_ program: URL?) -> [URL] {
        guard var folder = program?.deletingLastPathComponent() else { return [] }
        var found = [folder.deletingLastPathComponent().appendingPathComponent("share/sagascope")]
        for _ in 0..<6 {
            let demos = folder.appendingPathComponent("demo-scenarios").path
            if FileManager.default.fileExists(atPath: demos) { found.insert(folder, at: 0) }
            folder.deleteLastPathComponent()
        }
        return found
    }

    private static func dataFolders(_ environment: [String: String]) -> [URL] {
        let home = environment["HOME"].map { "\($0)/.local/share" }
        let own = environment["XDG_DATA_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home
        let shared = environment["XDG_DATA_DIRS"].flatMap { $0.isEmpty ? nil : $0 } ?? "/usr/local/share:/usr/share"
        return ([own].compactMap(\.self) + shared.split(separator: ":").map(String.init))
            .map { URL(fileURLWithPath: $0).appendingPathComponent("sagascope") }
    }
}
