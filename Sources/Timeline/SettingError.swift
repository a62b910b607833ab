/// A setting outside its allowed range; its description is one line for whoever wrote the setting.
public struct SettingError: Error, Hashable, Sendable {
    /// The setting's name, as the initialiser spells it.
    public let setting: String
    /// The value that was given.
    public let given: String
    /// The values that are allowed, such as `more than 0s`.
    public let allowed: String

    /// An error about one setting.
    public init(_ setting: String, given: some CustomStringConvertible, allowed: String) {
        self.setting = setting
        self.given = given.description
        self.allowed = allowed
    }
}

extension SettingError: CustomStringConvertible {
    /// `probes: 0 is out of range; allowed: 1 or more`.
    public var description: String { "\(setting): \(given) is out of range; allowed: \(allowed)" }
}
