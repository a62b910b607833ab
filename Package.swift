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

/// A target and its tests.
func room(_ name: String, on dependencies: [Target.Dependency]) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: strict),
    ]
}

let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

let rooms: [[Target]] = [
    room("Timeline", on: []),
    chapter("Resilience"),
    chapter("Bulkheads"),
    chapter("Caching"),
    chapter("Sagas", on: ["Resilience"]),
    room("Simulation", on: ["Timeline", "Resilience", "Bulkheads", "Caching", "Sagas", histogram]),
    room("Screen", on: []),
]

let package = Package(
    name: "sagascope",
    products: ["Timeline", "Resilience", "Bulkheads", "Caching", "Sagas"].map { .library(name: $0, targets: [$0]) },
    dependencies: [
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: rooms.flatMap { $0 }
)
