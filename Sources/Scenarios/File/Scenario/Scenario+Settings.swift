extension Scenario {
    /// The paths of everything that can be set while the system runs, such as `services.payment.workers` or
    /// `edges.shop -> payment.breaker.open`.
    ///
    /// A path may be shortened as long as it means one setting: `payment.workers`, `payment.breaker.open`.
    public var settingPaths: [String] { blueprint.livePaths }

    /// The present value of a setting as one would write it; nil if it has none, or there is no such setting.
    public func value(of path: String) -> String? {
        blueprint.value(of: path)
    }

    /// The scenario with another value of a setting, for a system that runs: its plan differs in nothing else.
    ///
    /// The paths are those of `--set`. The timeline and the expectations stay as they are.
    /// - Throws: what is wrong, by its offset in `PATH VALUE`: there is no such setting, it cannot change while
    ///   the system runs, or the value is not allowed.
    public func changing(_ path: String, to value: String) throws(SyntaxProblem) -> Scenario {
        var changed = self
        try changed.blueprint.change(path, to: value)
        return changed
    }
}
