// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A chapter of the guide: a library on its own, built on `Timeline` and at most on chapters above it.
func chapter(_ name: String, on others: [Target.Dependency] = []) -> [Target] {
    room(name, on: ["Timeline"] + others)
}

/// A target and its tests, with what the tests need besides; their data lie in folders that are not compiled.
func room(
    _ name: String, on dependencies: [Target.Dependency], testedWith others: [Target.Dependency] = [],
    testData: [String] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies + others, exclude: testData,
            swiftSettings: strict),
    ]
}

let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")
let grdb: [Target.Dependency] = ["GRDB", "GRDBSQLite"].map { .product(name: $0, package: "GRDB.swift") }
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let rooms: [[Target]] = [
    room("Timeline", on: []),
    chapter("Resilience"),
    chapter("Bulkheads", on: ["Resilience"]),
    chapter("Caching"),
    // The store's contract is tested on every store that keeps it, the one on disk too.
    room("EventSourcing", on: ["Timeline", "Caching"], testedWith: ["Storage"]),
    chapter("CQRS", on: ["Resilience", "Caching", "EventSourcing"]),
    // The same of its read model.
    room("Orders", on: ["Timeline", "Resilience", "EventSourcing", "CQRS"], testedWith: ["Storage"]),
    chapter("Sagas", on: ["Resilience", "EventSourcing"]),
    chapter("Gateway", on: ["Resilience", "Caching"]),
    room(
        "Simulation",
        on: [
            "Timeline", "Resilience", "Bulkheads", "Caching", "EventSourcing", "CQRS", "Orders", "Sagas", "Gateway",
            histogram,
        ]),
    room(
        "Scenarios",
        on: [
            "Timeline", "Resilience", "Bulkheads", "Caching", "EventSourcing", "Orders", "Sagas", "Gateway",
            "Simulation", yams,
        ]),
    room(
        "Storage", on: ["Timeline", "Resilience", "Caching", "EventSourcing", "CQRS", "Orders"] + grdb,
        testedWith: ["Sagas"]),
    room("Screen", on: []),
    room(
        "Dashboard",
        on: [
            "Timeline", "Resilience", "Bulkheads", "Caching", "EventSourcing", "CQRS", "Sagas", "Gateway", "Simulation",
            "Scenarios", "Screen",
        ],
        testData: ["Golden"]),
    [
        .target(
            name: "CTerminal",
            path: "Sources/Terminal/CTerminal",
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .target(
            name: "Terminal",
            dependencies: ["CTerminal", "Screen"],
            exclude: ["CTerminal"],
            swiftSettings: strict),
        .executableTarget(
            name: "TerminalProbe",
            dependencies: ["Terminal", "Screen"],
            path: "Tests/TerminalProbe",
            swiftSettings: strict),
        .target(name: "PseudoTerminal", path: "Tests/PseudoTerminal"),
        .testTarget(
            name: "TerminalTests",
            dependencies: ["Terminal", "Screen", "TerminalProbe", "PseudoTerminal"],
            swiftSettings: strict),
        .executableTarget(
            name: "sagascope",
            dependencies: [
                "Timeline", "Caching", "EventSourcing", "Simulation", "Scenarios", "Storage", "Screen", "Dashboard",
                "Terminal", arguments,
            ],
            swiftSettings: strict),
        .testTarget(name: "sagascopeTests", dependencies: ["sagascope"], swiftSettings: strict),
    ],
]

let package = Package(
    name: "sagascope",
    products: [
        .executable(name: "sagascope", targets: ["sagascope"])
    ]
        + [
            "Timeline", "Resilience", "Bulkheads", "Caching", "EventSourcing", "CQRS", "Orders", "Sagas",
            "Gateway", "Simulation", "Scenarios", "Storage", "Screen", "Dashboard",
        ].map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: rooms.flatMap { $0 }
)
