/// How many colours a terminal can show at a time, from the poorest upwards.
public enum ColorDepth: Comparable, CaseIterable, Sendable {
    /// No colours: only attributes tell things apart.
    case mono
    /// The eight basic colours.
    case ansi8
    /// The basic colours and their bright forms.
    case ansi16
    /// The xterm palette.
    case indexed256
}

extension Color {
    /// The nearest colour that a terminal of this depth can show.
    ///
    /// Palette entries that the terminal has are left alone: people choose how theirs look.
    public func quantized(to depth: ColorDepth) -> Color {
        guard let sought = components, !isShown(at: depth) else { return depth == .mono ? .default : self }
        switch depth {
        case .mono: return .default
        case .ansi8: return .indexed(UInt8(Self.nearest(to: sought, among: Self.basicPalette.prefix(8))))
        case .ansi16: return .indexed(UInt8(Self.nearest(to: sought, among: Self.basicPalette[...])))
        case .indexed256: return .indexed(Self.nearestOfCubeAndGreys(to: sought))
        }
    }

    private func isShown(at depth: ColorDepth) -> Bool {
        switch self {
        case .default: true
        case .rgb: false
        case .indexed(let index):
            switch depth {
            case .mono: false
            case .ansi8: index < 8
            case .ansi16: index < 16
            case .indexed256: true
            }
        }
    }
}

// MARK: - Distances

extension Color {
    private typealias Components = (red: Int, green: Int, blue: Int)

    /// xterm's values of the sixteen basic colours.
    private static let basicPalette: [Components] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
        (255, 255, 255),
    ]

    /// The six steps that each component of the colour cube takes.
    private static let cubeSteps = [0, 95, 135, 175, 215, 255]

    private var components: Components? {
        switch self {
        case .default: return nil
        case .rgb(let red, let green, let blue): return (Int(red), Int(green), Int(blue))
        case .indexed(let index):
            switch Int(index) {
            case ..<16: return Self.basicPalette[Int(index)]
            case 16..<232:
                let position = Int(index) - 16
                return (
                    Self.cubeSteps[position / 36], Self.cubeSteps[position / 6 % 6], Self.cubeSteps[position % 6]
                )
            default:
                let grey = Self.grey(Int(index) - 232)
                return (grey, grey, grey)
            }
        }
    }

    /// How bright a step (0-23) of the grey ramp is.
    private static func grey(_ step: Int) -> Int { 8 + 10 * step }

    private static func distance(_ one: Components, _ other: Components) -> Int {
        let (red, green, blue) = (one.red - other.red, one.green - other.green, one.blue - other.blue)
        return red * red + green * green + blue * blue
    }

    /// A grey stays grey: by distance alone, a middle one would become cyan among eight colours.
    private static func nearest(to sought: Components, among palette: ArraySlice<Components>) -> Int {
        var best = palette.startIndex
        for index in palette.indices where isGrey(palette[index]) || !isGrey(sought) {
            if distance(palette[index], sought) < distance(palette[best], sought) { best = index }
        }
        return best
    }

    private static func isGrey(_ color: Components) -> Bool {
        max(color.red, color.green, color.blue) - min(color.red, color.green, color.blue) < 16
    }

    private static func nearestOfCubeAndGreys(to sought: Components) -> UInt8 {
        let steps = [sought.red, sought.green, sought.blue].map(nearestCubeStep)
        let inCube: Components = (cubeSteps[steps[0]], cubeSteps[steps[1]], cubeSteps[steps[2]])
        let brightness = (sought.red + sought.green + sought.blue) / 3
        let greyStep = max(0, min(23, (brightness - 3) / 10))
        let inGreys: Components = (grey(greyStep), grey(greyStep), grey(greyStep))
        if distance(inGreys, sought) < distance(inCube, sought) { return UInt8(232 + greyStep) }
        return UInt8(16 + 36 * steps[0] + 6 * steps[1] + steps[2])
    }

    private static func nearestCubeStep(_ component: Int) -> Int {
        switch component {
        case ..<48: 0
        case ..<115: 1
        default: min(5, (component - 35) / 40)
        }
    }
}
