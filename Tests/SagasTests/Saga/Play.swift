import Sagas
import Testing

/// A rule, a definition, and lines that show the rule.
struct Play: Sendable, CustomTestStringConvertible {
    let rule: String
    let definition: @Sendable () throws -> SagaDefinition
    let script: String
    var statuses: String?
    var data = SagaData()

    /// - Parameters:
    ///   - rule: what it proves.
    ///   - sketch: the definition; see ``Sketch``.
    ///   - script: the lines; see ``Stage``.
    ///   - statuses: what has become of the steps at the end; nil to leave it open.
    init(_ rule: String, _ sketch: String, _ script: String, ends statuses: String? = nil) {
        self.init(rule, { try .sketch(sketch) }, script, ends: statuses)
    }

    init(
        _ rule: String, _ definition: @escaping @Sendable () throws -> SagaDefinition, _ script: String,
        ends statuses: String? = nil, data: SagaData = SagaData()
    ) {
        (self.rule, self.definition, self.script, self.statuses) = (rule, definition, script, statuses)
        self.data = data
    }

    var testDescription: String { rule }

    /// Plays it.
    func run(sourceLocation: SourceLocation = #_sourceLocation) throws {
        var stage = Stage(try definition(), data: data)
        stage.play(script, sourceLocation: sourceLocation)
        guard let statuses else { return }
        #expect(
            stage.statuses.map { "\($0)" }.joined(separator: " ") == statuses, "\(rule)", sourceLocation: sourceLocation
        )
    }
}
