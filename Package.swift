// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A target and its tests.
func room(_ name: String, on dependencies: [Target.Dependency]) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, swiftSettings: strict),
    ]
}

let rooms: [[Target]] = [
    room("Timeline", on: [])
]

let package = Package(
    name: "sagascope",
    products: [.library(name: "Timeline", targets: ["Timeline"])],
    targets: rooms.flatMap { $0 }
)
