public import Timeline

/// How events that were written in old forms are read: step by step, each from one form to the next.
///
/// What is stored is never changed. A reader that knows only the newest form of each type passes every event through
/// ``upcast(_:)`` first; the same holds for snapshots, and for what waits among dead letters.
///
/// Source: pyeventsourcing's class versions, Marten's and Emmett's upcasters.
public struct Upcasting: Sendable {
    /// The form of an event type.
    public struct Form: Hashable, Sendable {
        /// The event type.
        public let type: String
        /// The version of its form, from 1.
        public let schema: Int

        /// A form of a type.
        public init(_ type: String, _ schema: Int) {
            self.type = type
            self.schema = schema
        }
    }

    /// The step from one form to the next: a later version of the same type, or another type.
    public struct Step: Sendable {
        /// The old form.
        public let from: Form
        /// The new form.
        public let to: Form
        /// What makes the new event's data of the old one's; nil if it cannot.
        public let transform: @Sendable ([UInt8]) -> [UInt8]?

        /// A step.
        public init(from: Form, to: Form, _ transform: @escaping @Sendable ([UInt8]) -> [UInt8]?) {
            self.from = from
            self.to = to
            self.transform = transform
        }
    }

    /// Why an event could not be brought to its newest form.
    public enum Failure: Error, Hashable, Sendable {
        /// The step from this form made nothing of the event.
        case undecodable(EventID, Form)
    }

    private var steps: [Form: Step] = [:]

    /// No old forms at all.
    public init() {}

    /// Checks that the steps lead somewhere.
    /// - Parameter steps: at most one from each form, and none that leads back to it.
    /// - Throws: a ``SettingError`` that names the first step which does not fit.
    public init(_ steps: [Step]) throws(SettingError) {
        for step in steps {
            let form = "\(step.from.type) \(step.from.schema)"
            guard self.steps.updateValue(step, forKey: step.from) == nil else {
                throw SettingError("from", given: form, allowed: "one step from each form")
            }
            guard newest(of: step.from) != nil else {
                throw SettingError("to", given: "\(step.to.type) \(step.to.schema)", allowed: "no way back to \(form)")
            }
        }
    }

    /// The form in which events of a form are handed out; nil if its steps lead round in a circle.
    private func newest(of form: Form) -> Form? {
        var form = form
        for _ in 0...steps.count {
            guard let step = steps[form] else { return form }
            form = step.to
        }
        return nil
    }

    /// The event in its newest form; itself where there is no step.
    public func upcast(_ event: EventData) throws(Failure) -> EventData {
        var event = event
        while let step = steps[Form(event.type, event.schema)] {
            guard let data = step.transform(event.data) else { throw .undecodable(event.id, step.from) }
            event.type = step.to.type
            event.schema = step.to.schema
            event.data = data
        }
        return event
    }

    /// The snapshot in its newest form, as that of a type.
    /// - Parameter type: the name under which the snapshot's steps were given.
    public func upcast(_ snapshot: Snapshot, type: String) throws(Failure) -> Snapshot {
        let carrier = EventData(
            id: EventID(high: 0, low: 0), type: type, schema: snapshot.schema, data: snapshot.data)
        let newest = try upcast(carrier)
        var snapshot = snapshot
        snapshot.schema = newest.schema
        snapshot.data = newest.data
        return snapshot
    }
}
