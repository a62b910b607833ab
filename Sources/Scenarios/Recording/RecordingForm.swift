public import EventSourcing
import Foundation

/// How a recording is written as events: their types, and what each says, as JSON.
///
/// The stream `recording` tells how the run was started, what the operator did, and how far it came; each component has a
/// stream of its own for what happened to it, and the stream `keyframes` says from time to time how everything stood.
enum RecordingForm {
    /// The version of this form; a program reads this and earlier ones.
    static let layout = 1

    static let started = "RecordingStarted"
    static let commandsChanged = "CommandsChanged"
    static let turnedBack = "TimeTurnedBack"
    static let transition = "Transition"
    static let keyframe = "Keyframe"
    static let ended = "RecordingEnded"

    static let mainStream = "recording"
    static let keyframeStream = "keyframes"

    /// How the run was started.
    struct Start: Codable, Equatable {
        var layout: Int
        var build: String
        var scenario: String
        var file: String
        var text: String
        var seed: UInt64
        var settings: [Setting]
        var without: [String]
        var isInteractive: Bool
        var end: Int64?
    }

    /// A value that was put in place of the file's.
    struct Setting: Codable, Equatable {
        var path: String
        var value: String
    }

    /// The run's commands, those to come too: what the scenario says, and what the operator has made of it.
    struct Commands: Codable, Equatable {
        var at: Int64
        var commands: [Command]
    }

    /// A line of a timeline.
    struct Command: Codable, Equatable {
        var line: String
        var isLive: Bool
    }

    /// Time was turned back to a moment: what was recorded behind it has not happened.
    struct Return: Codable, Equatable {
        var to: Int64
    }

    /// Something has happened to a component.
    struct Transition: Codable, Equatable {
        var at: Int64
        var entry: UInt64
        var cause: UInt64
        var component: String
        var what: String
        var text: String
    }

    /// How far the run came.
    struct End: Codable, Equatable {
        var at: Int64
        var verdict: String
    }

    static func bytes(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Numbers and texts: there is nothing that JSON could not say.
        return (try? encoder.encode(value)).map { Array($0) } ?? []
    }

    static func value<Value: Decodable>(_ event: RecordedEvent) throws(RecordingProblem) -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(event.event.data))
        } catch {
            throw .damaged("event \(event.position), \(event.event.type), does not say what it should")
        }
    }
}

/// Why a recording cannot be read.
public enum RecordingProblem: Error, Equatable, Sendable {
    /// The store holds something else.
    case noRecording
    /// A newer program has made it.
    case newer(layout: Int, known: Int)
    /// What stands in it makes no sense.
    case damaged(String)
    /// The store cannot be read.
    case unreadable(EventStoreError)
    /// The scenario that it was made of cannot be read any more.
    case scenario(Problems)
}

extension RecordingProblem: CustomStringConvertible {
    /// One line.
    public var description: String {
        switch self {
        case .noRecording: "it holds no recording; make one with: sagascope run SCENARIO --record FILE"
        case .newer(let layout, let known):
            "a newer sagascope has made this recording (form \(layout), this one reads \(known)); update sagascope"
        case .damaged(let what): "the recording is damaged: \(what)"
        case .unreadable(let error): "\(error)"
        case .scenario(let problems):
            "its scenario cannot be read by this sagascope\(problems.all.first.map { ": \($0)" } ?? "")"
        }
    }
}
