import Caching
import Foundation

/// Hit ratios over sizes, drawn with a letter for each policy.
///
/// Sizes stand on a logarithmic axis, those that were asked for marked by `+`; the ratios between them are drawn in
/// proportion.
struct HitRatioChart {
    private struct Curve {
        let name: String
        let letter: Character
        /// By size, ratios in thousandths of a percent.
        let points: [(size: Int, ratio: Int)]
    }

    private let unit: String
    private let sizes: [Int]
    private let curves: [Curve]
    private let scale: Scale

    /// - Parameters:
    ///   - rows: for each policy one at each of the same sizes, which are in ascending order.
    ///   - unit: what sizes count.
    init(_ rows: [TraceRow], unit: String) {
        self.unit = unit
        var names: [String] = []
        var points: [String: [(size: Int, ratio: Int)]] = [:]
        for row in rows {
            let name = row.policy.rawValue
            if points[name] == nil { names.append(name) }
            points[name, default: []].append((row.size, Int((row.hitRatio * 100_000).rounded())))
        }
        curves = zip(names, "abcdefghijklmnopqrstuvwxyz").map { name, letter in
            Curve(name: name, letter: letter, points: points[name] ?? [])
        }
        sizes = curves.first?.points.map(\.size) ?? []
        scale = Scale(covering: curves.flatMap { $0.points.map(\.ratio) })
    }

    /// The chart, in so many columns; fewer than 30 count as 30.
    func lines(width: Int) -> [String] {
        guard let least = sizes.first, let most = sizes.last else { return [] }
        let margin = scale.labels.map(\.text.count).max() ?? 0
        let columns = max(30, width) - margin - 2
        let place = { (size: Int) -> Int in
            guard least < most else { return 0 }
            let share = log(Double(size) / Double(least)) / log(Double(most) / Double(least))
            return Int((share * Double(columns - 1)).rounded())
        }
        let cells = drawn(columns: columns, place: place)
        let labels = Dictionary(uniqueKeysWithValues: scale.labels.map { ($0.row, $0.text) })
        let blank = String(repeating: " ", count: margin)
        var lines = ["hit ratio in %"]
        for (row, letters) in cells.enumerated() {
            let label = labels[row] ?? ""
            let line = blank.dropLast(label.count) + label + (labels[row] == nil ? " |" : " +") + String(letters)
            lines.append(trimmed(line))
        }
        var axis = [Character](repeating: "-", count: columns)
        for size in sizes { axis[place(size)] = "+" }
        lines.append(blank + " +" + String(axis))
        lines.append(trimmed(blank + "  " + sizeLabels(columns: columns, place: place)))
        lines.append("\(blank)  \(unit) (log scale)")
        return lines + legend(width: max(30, width))
    }

    /// The letters of all curves, `*` where several meet.
    private func drawn(columns: Int, place: (Int) -> Int) -> [[Character]] {
        var cells = [[Character]](repeating: [Character](repeating: " ", count: columns), count: scale.height)
        for curve in curves {
            for column in 0..<columns {
                guard let ratio = Self.ratio(of: curve, at: column, place: place) else { continue }
                let row = scale.row(of: ratio)
                cells[row][column] = cells[row][column] == " " ? curve.letter : "*"
            }
        }
        return cells
    }

    /// What a curve comes to in a column: a point's ratio, or between two points its share of both.
    private static func ratio(of curve: Curve, at column: Int, place: (Int) -> Int) -> Double? {
        guard let after = curve.points.firstIndex(where: { place($0.size) >= column }) else { return nil }
        let right = curve.points[after]
        guard place(right.size) > column, after > 0 else { return Double(right.ratio) }
        let left = curve.points[after - 1]
        let share = Double(column - place(left.size)) / Double(place(right.size) - place(left.size))
        return Double(left.ratio) + Double(right.ratio - left.ratio) * share
    }

    /// As many sizes below their marks as there is room for, the first and the last before all others.
    private func sizeLabels(columns: Int, place: (Int) -> Int) -> String {
        var line = [Character](repeating: " ", count: columns)
        for size in [sizes.first, sizes.last].compactMap(\.self) + sizes.dropFirst().dropLast() {
            let text = Array(TraceReport.grouped(size))
            let start = max(0, min(columns - text.count, place(size) - text.count / 2))
            let around = max(0, start - 1)..<min(columns, start + text.count + 1)
            guard line[around].allSatisfy({ $0 == " " }) else { continue }
            line.replaceSubrange(start..<start + text.count, with: text)
        }
        return String(line)
    }

    private func legend(width: Int) -> [String] {
        var lines: [String] = []
        for entry in curves.map({ "\($0.letter) = \($0.name)" }) + ["* = several"] {
            if let last = lines.last, last.count + 3 + entry.count <= width {
                lines[lines.count - 1] += "   \(entry)"
            } else {
                lines.append(entry)
            }
        }
        return lines
    }

    private func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }
}

extension HitRatioChart {
    /// The vertical axis: the range that is used, rounded outward to round numbers.
    ///
    /// Ratios are in thousandths of a percent.
    private struct Scale {
        let lowest: Int
        let highest: Int
        let step: Int
        /// How many lines there are from one label to the next.
        let linesPerStep: Int

        private static let steps = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000]
        private static let mostSteps = 8
        private static let lines = 16

        init(covering ratios: [Int]) {
            let (least, most) = (ratios.min() ?? 0, ratios.max() ?? 0)
            let bounds = Self.steps.map { step in
                let low = least / step * step
                let high = (most + step - 1) / step * step
                // A flat curve has a line above it too, or below it at the very top.
                if low < high { return (low, high, step) }
                return high == 100_000 ? (high - step, high, step) : (low, low + step, step)
            }
            let fitting = bounds.first { ($0.1 - $0.0) / $0.2 <= Self.mostSteps }
            (lowest, highest, step) = fitting ?? (0, 100_000, 20_000)
            linesPerStep = max(1, Self.lines / ((highest - lowest) / step))
        }

        var height: Int { (highest - lowest) / step * linesPerStep + 1 }

        func row(of ratio: Double) -> Int {
            Int(((Double(highest) - ratio) / Double(highest - lowest) * Double(height - 1)).rounded())
        }

        var labels: [(row: Int, text: String)] {
            stride(from: lowest, through: highest, by: step).map { ratio in
                let text = step < 1_000 ? String(format: "%.1f", Double(ratio) / 1_000) : "\(ratio / 1_000)"
                return (row(of: Double(ratio)), text)
            }
        }
    }
}
