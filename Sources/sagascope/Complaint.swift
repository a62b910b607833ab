import ArgumentParser
import Foundation
import Scenarios

/// Why the program cannot do what it was asked, in one line, with the exit status that says of which kind it is.
enum Complaint: Error {
    /// The command line makes no sense (64, EX_USAGE).
    case badUsage(String)
    /// A file that was named cannot be used (65, EX_DATAERR).
    case unusableInput(String)
    /// A file has problems, each with its place (65, EX_DATAERR).
    case problems(Problems)
    /// What a file holds is wrong, told with the file's name and the place in it (65, EX_DATAERR).
    case problem(String)
    /// Two runs that must be the same are not (70, EX_SOFTWARE).
    case notTheSame(String)
    /// Something cannot be written (74, EX_IOERR).
    case cannotWrite(String)

    var lines: [String] {
        switch self {
        case .badUsage(let line), .unusableInput(let line), .notTheSame(let line), .cannotWrite(let line):
            ["sagascope: \(line)"]
        case .problem(let line): [line]
        case .problems(let problems): problems.all.map(\.description)
        }
    }

    var exitCode: ExitCode {
        switch self {
        case .badUsage: ExitCode(64)
        case .unusableInput, .problem, .problems: ExitCode(65)
        case .notTheSame: ExitCode(70)
        case .cannotWrite: ExitCode(74)
        }
    }
}

/// Does what may complain; a complaint goes to standard error and ends the program with its status.
func complainingAloud<Result>(_ body: () throws -> Result) throws -> Result {
    do {
        return try body()
    } catch let complaint as Complaint {
        for line in complaint.lines { printError(line) }
        throw complaint.exitCode
    } catch let problems as Problems {
        return try complainingAloud { throw Complaint.problems(problems) }
    }
}

/// Writes a line to standard error.
func printError(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}
