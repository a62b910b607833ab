internal import Screen

extension Theme {
    /// The theme that needs no file: basic colours on whatever background the terminal has.
    public static let plain = Theme(name: "plain")

    static let plainLooks: [Role: RoleLook] = [
        .text: RoleLook(),
        .faint: RoleLook(Shade(.indexed(8)), mono: .dim),
        .title: RoleLook(mono: .bold),
        .border: RoleLook(Shade(.indexed(8)), mono: .dim),
        .focusedBorder: RoleLook(Shade(.cyan), [], mono: .bold),
        .selected: RoleLook([.reverse]),
        .header: RoleLook([.reverse]),
        .footer: RoleLook(Shade(.indexed(8)), mono: .dim),
        .key: RoleLook([.bold]),
        .caption: RoleLook(Shade(.cyan), [.bold]),
        .notice: RoleLook(Shade(.yellow), [.bold]),
        .problem: RoleLook(Shade(.red), [.bold]),
        .good: RoleLook(Shade(.green), mono: []),
        .active: RoleLook(Shade(.cyan), mono: []),
        .warning: RoleLook(Shade(.yellow), mono: .bold),
        .bad: RoleLook(Shade(.red), [.bold]),
        .undo: RoleLook(Shade(.magenta), mono: .underline),
        .idle: RoleLook(Shade(.indexed(8)), mono: .dim),
        .bar: RoleLook(Shade(.cyan), mono: []),
        .barTrack: RoleLook(Shade(.indexed(8)), mono: .dim),
        .graph: RoleLook(Shade(.blue), mono: []),
    ]
}

extension RoleLook {
    /// The terminal's own colours with these attributes.
    fileprivate init(_ attributes: Style.Attributes) {
        self.init(Shade(.default), on: Shade(.default), attributes)
    }

    /// A colour with these attributes.
    fileprivate init(_ foreground: Shade, _ attributes: Style.Attributes = [], mono: Style.Attributes? = nil) {
        self.init(foreground, on: Shade(.default), attributes, mono: mono)
    }

    fileprivate init(mono: Style.Attributes) {
        self.init(Shade(.default), on: Shade(.default), [], mono: mono)
    }
}
