internal import Simulation

/// Which sagas the list shows, and in which order.
struct SagaQuery: Hashable, Sendable {
    var view = View.these(.all)
    var order = Order.urgency
    /// Only sagas with all these words in their row are shown; a word with `-` before it must not be there.
    var text = ""

    /// The sagas that a list is about.
    enum View: Hashable, CaseIterable, Sendable {
        /// Those that a word means.
        case these(SagaFilter)
        /// The latest that are over.
        case ended

        static let allCases = SagaFilter.allCases.map { View.these($0) } + [.ended]

        var name: String {
            switch self {
            case .these(.stuck): "\(SagaFilter.stuck.rawValue) (not progressing)"
            case .these(let filter): filter.rawValue
            case .ended: "ended"
            }
        }

        /// The word; nil if there is none.
        var filter: SagaFilter? {
            if case .these(let filter) = self { filter } else { nil }
        }
    }

    /// What comes first.
    enum Order: Hashable, CaseIterable, Sendable {
        /// What needs an operator, then what goes back, is late, was tried again; the oldest of each first.
        case urgency
        /// The oldest.
        case age
        /// What got no step further for the longest time.
        case progress
        /// What was tried again most often.
        case retries
        /// What is at the earliest step.
        case step

        var name: String {
            switch self {
            case .urgency: "worst first"
            case .age: "oldest first"
            case .progress: "longest without a step"
            case .retries: "most retries"
            case .step: "by step"
            }
        }
    }

    /// The order that is in force: a view of what does not progress has its own.
    var shownOrder: Order { view == .these(.stuck) ? .progress : order }

    /// What it shows, in a few words.
    var words: String {
        let base = "\(view.name), \(shownOrder.name)"
        return text.isEmpty ? base : "\(base), only: \(text)"
    }
}

/// A query that somebody has kept under a name.
struct KeptQuery: Hashable, Sendable {
    var name: String
    var query: SagaQuery
}

extension CaseIterable where Self: Equatable, AllCases.Index == Int {
    /// The one so many places further on, round and round.
    func moved(by step: Int) -> Self {
        let all = Self.allCases
        let position = all.firstIndex(of: self) ?? 0
        return all[(position + step + all.count) % all.count]
    }
}
