// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Chapters and rooms of the package above, under a name that does not depend on the folder it was cloned into.
func sagascope(_ names: String...) -> [Target.Dependency] {
    names.map { .product(name: $0, package: "sagascope") }
}

let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "sagascope", path: "..")
    ],
    targets: [
        .target(name: "ReferenceQueue"),
        .target(name: "ReferencePatterns"),
        .target(name: "ReferenceStore", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "AllocationCount"),
        .target(name: "TerminalStart", linkerSettings: [.linkedLibrary("util")]),
        .executableTarget(
            name: "bench",
            dependencies: [
                "ReferenceQueue", "ReferencePatterns", "ReferenceStore", "AllocationCount", "TerminalStart",
            ]
                + sagascope(
                    "Timeline", "Resilience", "Bulkheads", "Caching", "EventSourcing", "Sagas", "Gateway",
                    "Simulation", "Scenarios", "Storage", "Screen", "Dashboard"),
            swiftSettings: strict),
        .executableTarget(
            name: "truth",
            dependencies: sagascope("Timeline", "Resilience", "Simulation", "Scenarios"),
            swiftSettings: strict),
        .executableTarget(name: "exact", dependencies: sagascope("Caching", "Timeline"), swiftSettings: strict),
    ],
    cxxLanguageStandard: .cxx17
)
