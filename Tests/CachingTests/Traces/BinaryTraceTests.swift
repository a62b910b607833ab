import Caching
import Testing

@Suite("Binary traces")
struct BinaryTraceTests {
    @Test("int32be holds four bytes a key, the most significant first")
    func int32be() {
        let numbers: [UInt32] = [1, 256, 1, 0x0100_0000, .max]
        let reading = TraceReading(numbers.flatMap { [UInt8](bigEndian: $0) }, .int32be)
        #expect(reading.keys == [0, 1, 0, 2, 3])
        #expect(reading.sizes.isEmpty)
        #expect(reading.error == nil)
    }

    @Test("int64be holds eight bytes a key, the most significant first")
    func int64be() {
        let numbers: [UInt64] = [0, .max, 0, 1 << 32, 1, .max]
        let reading = TraceReading(numbers.flatMap { [UInt8](bigEndian: $0) }, .int64be)
        #expect(reading.keys == [0, 1, 0, 2, 3, 1])
        #expect(reading.error == nil)
    }

    @Test("oracleGeneral holds keys with sizes, and those of size 0 are skipped and counted")
    func oracleGeneral() {
        var bytes: [UInt8] = []
        for (key, size) in [(9, 5), (8, 0), (7, 6), (9, 7), (8, 1)] as [(UInt64, UInt32)] {
            bytes += [UInt8](oracleTime: 77, key: key << 40, size: size, next: -1)
        }
        let reading = TraceReading(bytes, .oracleGeneral)
        #expect(reading.keys == [0, 1, 0, 2])
        #expect(reading.sizes == [5, 6, 7, 1])
        #expect(reading.skipped == 1)
        #expect(reading.error == nil)
    }

    static let errors: [(TraceFormat, Int, String)] = [
        (.int32be, 11, "byte offset 8: the input ends after 3 of the 4 bytes"),
        (.int64be, 1, "byte offset 0: the input ends after 1 of the 8 bytes"),
        (.oracleGeneral, 47, "byte offset 24: the input ends after 23 of the 24 bytes"),
    ]

    @Test("half a record at the end is an error, after the requests before it", arguments: errors)
    func cutOff(_ format: TraceFormat, _ count: Int, _ beginning: String) {
        for piece: Int in [1, 5, 100] {
            let reading = TraceReading([UInt8](repeating: 1, count: count), format, pieces: [piece], batch: 1)
            let message: String = beginning + " of a record; it is cut off, or in another format"
            #expect(reading.error?.description == message)
            #expect(reading.keys.count == count / (format == .int32be ? 4 : format == .int64be ? 8 : 24))
        }
    }
}
