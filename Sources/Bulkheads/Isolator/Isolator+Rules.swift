public import Timeline

extension Isolator {
    /// Which requests go to a compartment; what is nil matches all.
    public struct Rule: Hashable, Sendable {
        /// What they ask for.
        public let types: ClosedRange<Int>?
        /// For whom.
        public let tenants: ClosedRange<Int>?
        /// How important they are.
        public let priority: ThreadPool.Priority?
        /// The position of the compartment.
        public let compartment: Int

        /// A rule. ``Settings`` checks the compartment.
        public init(
            types: ClosedRange<Int>? = nil, tenants: ClosedRange<Int>? = nil, priority: ThreadPool.Priority? = nil,
            to compartment: Int
        ) {
            self.types = types
            self.tenants = tenants
            self.priority = priority
            self.compartment = compartment
        }

        /// Whether a request goes there, if no earlier rule matches.
        public func matches(_ request: Request) -> Bool {
            (types?.contains(request.type) ?? true) && (tenants?.contains(request.tenant) ?? true)
                && (priority ?? request.priority) == request.priority
        }
    }

    /// How an isolator is set; every value has been checked.
    public struct Settings: Hashable, Sendable {
        /// The compartments.
        public let compartments: [Compartment.Settings]
        /// Which requests go where; the first rule that matches counts.
        public let rules: [Rule]
        /// The position of the compartment of those that no rule matches.
        public let defaultCompartment: Int

        /// Checks the settings.
        /// - Parameters:
        ///   - compartments: at least one.
        ///   - rules: each to one of the compartments.
        ///   - defaultCompartment: one of the compartments; the first by default.
        /// - Throws: a ``SettingError`` that names the first setting out of its range.
        public init(
            compartments: [Compartment.Settings], rules: [Rule], defaultCompartment: Int = 0
        ) throws(SettingError) {
            guard !compartments.isEmpty else {
                throw SettingError("compartments", given: 0, allowed: "at least one")
            }
            let allowed = "the position of a compartment, 0 to \(compartments.count - 1)"
            for (position, rule) in rules.enumerated() where !compartments.indices.contains(rule.compartment) {
                throw SettingError("rules[\(position)].compartment", given: rule.compartment, allowed: allowed)
            }
            guard compartments.indices.contains(defaultCompartment) else {
                throw SettingError("defaultCompartment", given: defaultCompartment, allowed: allowed)
            }
            self.compartments = compartments
            self.rules = rules
            self.defaultCompartment = defaultCompartment
        }
    }
}
