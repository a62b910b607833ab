extension Unicode.Scalar {
    /// How many columns of a terminal the scalar takes: 0 for combining and invisible ones, 2 for wide ones, else 1.
    ///
    /// After Unicode's East Asian Width (UAX #11), and emoji that are pictures by default.
    public var columns: Int {
        if isSurelyNarrow { return 1 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        if isTrailingJamo || properties.isEmojiModifier { return 0 }
        return isWide ? 2 : 1
    }

    /// The scalar itself, or a harmless stand-in for one that would not just print: `?`, or a space for white space.
    var printable: Unicode.Scalar {
        if isSurelyNarrow { return self }
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return properties.isWhitespace ? " " : "?"
        case .unassigned, .surrogate: return "?"
        default: return self
        }
    }

    /// Printable ASCII, dashes and dots, arrows, lines, blocks, checks and crosses, Braille: nearly all that is ever
    /// drawn, told without a table.
    private var isSurelyNarrow: Bool {
        switch value {
        case 0x20...0x7E, 0xA0...0xAC, 0xAE...0x2FF, 0x2010...0x2027, 0x2190...0x2319, 0x2500..<0x25FD,
            0x270F...0x2727, 0x2800...0x28FF:
            true
        default: false
        }
    }

    /// The vowels and final consonants that join the Hangul syllable before them.
    private var isTrailingJamo: Bool { (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FB).contains(value) }

    private var isWide: Bool {
        if value < 0x1100 { return false }
        let isFlagLetter = (0x1F1E6...0x1F1FF).contains(value)
        if properties.isEmojiPresentation && !isFlagLetter { return true }
        switch value {
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4C6,
            0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60,
            0xFFE0...0xFFE6, 0x16FE0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x3FFFD:
            return true
        default: return false
        }
    }
}

extension String {
    /// How many columns of a terminal the text takes.
    public var columns: Int {
        isPrintableASCII ? utf8.count : unicodeScalars.reduce(0) { $0 + $1.columns }
    }

    /// Whether its bytes are its columns, as they are for nearly every text.
    private var isPrintableASCII: Bool {
        utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// The text if it takes at most `limit` columns, else as much of it as leaves room for an ellipsis at the end.
    public func truncated(to limit: Int, ellipsis: Unicode.Scalar) -> String {
        guard columns > limit else { return self }
        guard limit > 0 else { return "" }
        var kept = String.UnicodeScalarView()
        var room = limit - ellipsis.columns
        for scalar in unicodeScalars {
            room -= scalar.columns
            if room < 0 { break }
            kept.append(scalar)
        }
        kept.append(ellipsis)
        return String(kept)
    }
}
