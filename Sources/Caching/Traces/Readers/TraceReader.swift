/// The part of the parser that knows the format.
enum TraceReader: Sendable {
    case text(TextReader)
    case csv(CSVReader)
    case arc(ARCReader)
    case records(RecordReader)

    init(_ format: TraceFormat) {
        self =
            switch format {
            case .text: .text(TextReader())
            case .csv(let key, let size): .csv(CSVReader(key: key, size: size))
            case .arc: .arc(ARCReader())
            case .int32be: .records(RecordReader(layout: .int32be))
            case .int64be: .records(RecordReader(layout: .int64be))
            case .oracleGeneral: .records(RecordReader(layout: .oracleGeneral))
            }
    }

    /// Reads until there is no room or no whole line or record is left.
    mutating func read(
        _ input: TraceInput, from position: inout Int, into requests: inout RequestCollector
    ) throws(TraceError.Problem) {
        switch self {
        case .text(var reader):
            defer { self = .text(reader) }
            try reader.read(input, from: &position, into: &requests)
        case .csv(var reader):
            defer { self = .csv(reader) }
            try reader.read(input, from: &position, into: &requests)
        case .arc(var reader):
            defer { self = .arc(reader) }
            try reader.read(input, from: &position, into: &requests)
        case .records(var reader):
            defer { self = .records(reader) }
            try reader.read(input, from: &position, into: &requests)
        }
    }

    /// The number of the last line, from 1; nil in a binary format.
    var line: Int? {
        switch self {
        case .text(let reader): reader.lines.number
        case .csv(let reader): reader.lines.number
        case .arc(let reader): reader.lines.number
        case .records: nil
        }
    }
}
