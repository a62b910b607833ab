import Sagas
import Simulation

extension CommandParser {
    /// Reads what follows `saga`.
    mutating func sagaOrder() throws(SyntaxProblem) -> Command {
        let word = try reader.text("what to do with a saga")
        guard let deed = SagaDeed(rawValue: word.text) else {
            throw names.unknown(word.text, among: SagaDeed.allCases.map(\.rawValue), at: word.offset, "deed")
        }
        let (saga, selection) = try sagas(of: deed)
        let definition = names.plan.sagas[saga.index].definition
        var step = ""
        let kind: SagaOrder.Deed
        switch deed {
        case .retry: kind = .order(.retryNow)
        case .pause: kind = .order(.pause)
        case .resume: kind = .order(.resume)
        case .cancel: kind = .order(.cancel)
        case .kill: kind = .order(.kill)
        case .retryUndo: kind = .order(.retryCompensation)
        case .resolve: kind = .order(.markResolved)
        case .skip:
            let place = try self.step(of: definition)
            step = definition.steps[place].name
            kind = .order(.skip(step: place, try result(of: definition.steps[place])))
        case .rerun:
            try reader.expect(word: "from")
            let place = try self.step(of: definition)
            step = definition.steps[place].name
            kind = .rerun(from: place)
        }
        let reason = reader.take(word: "because") ? try reader.quoted("a reason") : ""
        return .order(
            OrderLine(order: SagaOrder(kind, plan: saga.index, selection, reason: reason), saga: saga, step: step))
    }

    /// Reads `place-order#17`, or `place-order waiting`.
    private mutating func sagas(of deed: SagaDeed) throws(SyntaxProblem) -> (PlanName, SagaOrder.Selection) {
        let (name, offset) = try reader.name("a saga, such as \(names.sagas.first ?? "place-order")#17")
        if let run = NumberedName(name) {
            return (try names.saga(run.name, at: offset), .one(request: run.request))
        }
        let saga = try names.saga(name, at: offset)
        guard deed != .skip, deed != .rerun else {
            throw SyntaxProblem(at: offset, "\(deed.rawValue) is for one saga: write its number, as in \(name)#17")
        }
        let word = try reader.text("a number as in \(name)#17, or a standing such as waiting")
        guard let filter = SagaFilter(rawValue: word.text) else {
            throw names.unknown(word.text, among: SagaFilter.allCases.map(\.rawValue), at: word.offset, "standing")
        }
        return (saga, .all(filter))
    }

    private mutating func step(of definition: SagaDefinition) throws(SyntaxProblem) -> Int {
        let (name, offset) = try reader.name("a step of \(definition.name)")
        return try names.find(name, among: definition.steps.map(\.name), at: offset, "step").index
    }

    private mutating func result(of step: SagaDefinition.Step) throws(SyntaxProblem) -> SagaValue? {
        guard let kind = step.result else {
            guard reader.next?.text != "with" else {
                throw reader.problem("no result, since \(step.name) returns nothing")
            }
            return nil
        }
        try reader.expect(word: "with")
        let word = try reader.text("a \(kind)")
        do throws(SyntaxProblem) {
            return try SagaValueNotation(kind: kind).read(word.text)
        } catch {
            throw SyntaxProblem(at: word.offset + error.offset, error.message)
        }
    }
}
