// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]
// An asynchronous function stays on its caller's executor: hopping away and back costs a message of
// the asynchronous face half its time.
let program: [SwiftSetting] =
  strict + [.enableUpcomingFeature("NonisolatedNonsendingByDefault")]
let library: [SwiftSetting] = program + [.strictMemorySafety()]

let package = Package(
  name: "wstop",
  products: [
    .library(name: "WebSocketEngine", targets: ["WebSocketEngine", "Vocabulary"]),
    .library(name: "ControlServer", targets: ["ControlServer", "ControlProtocol"]),
    .executable(name: "wstop", targets: ["wstop"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(
      url: "https://github.com/HdrHistogram/hdrhistogram-swift", .upToNextMinor(from: "0.2.0")),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .target(name: "CLinux"),
    .target(name: "CNcurses", linkerSettings: [.linkedLibrary("ncursesw")]),
    .target(
      name: "COpenSSL", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
    .target(name: "CZlib", linkerSettings: [.linkedLibrary("z")]),
    .target(name: "Vocabulary", swiftSettings: library),
    .target(
      name: "WebSocketProtocol", dependencies: ["Vocabulary", "CZlib", "COpenSSL"],
      swiftSettings: library),
    .target(
      name: "EventLoop", dependencies: ["Vocabulary", "CLinux", "COpenSSL"],
      swiftSettings: library),
    .target(
      name: "WebSocketEngine",
      dependencies: [
        "Vocabulary", "WebSocketProtocol", "EventLoop",
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: library),
    .target(name: "ControlProtocol", dependencies: ["Vocabulary"], swiftSettings: library),
    .target(
      name: "ControlServer",
      dependencies: [
        "Vocabulary", "WebSocketProtocol", "EventLoop", "WebSocketEngine", "ControlProtocol",
      ],
      swiftSettings: library),
    .target(
      name: "ControlClient",
      dependencies: ["Vocabulary", "WebSocketProtocol", "EventLoop", "ControlProtocol"],
      swiftSettings: library),
    .target(
      name: "Dashboard", dependencies: ["Vocabulary", "ControlProtocol"], swiftSettings: library),
    .target(name: "Terminal", dependencies: ["Dashboard", "CNcurses"], swiftSettings: library),
    .target(
      name: "History",
      dependencies: [
        "Vocabulary", "EventLoop", "ControlProtocol", "ControlServer",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: library),
    .target(
      name: "LoadGenerator",
      dependencies: [
        "Vocabulary", "WebSocketProtocol", "EventLoop",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: library),
    .executableTarget(
      name: "wstop",
      dependencies: [
        "Vocabulary", "WebSocketProtocol", "EventLoop", "WebSocketEngine", "ControlProtocol",
        "ControlServer", "ControlClient", "History", "LoadGenerator", "Dashboard", "Terminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      resources: [.embedInCode("Manual")], swiftSettings: program),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "TestSupportTests", dependencies: ["TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "VocabularyTests", dependencies: ["Vocabulary", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "WebSocketProtocolTests", dependencies: ["Vocabulary", "WebSocketProtocol"],
      swiftSettings: strict),
    .target(
      name: "TestCertificates", dependencies: ["COpenSSL"], path: "Tests/TestCertificates",
      swiftSettings: library),
    .testTarget(
      name: "EventLoopTests",
      dependencies: ["Vocabulary", "EventLoop", "COpenSSL", "TestCertificates", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "WebSocketEngineTests",
      dependencies: [
        "Vocabulary", "WebSocketProtocol", "EventLoop", "WebSocketEngine", "TestCertificates",
        "TestSupport", .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ControlProtocolTests", dependencies: ["Vocabulary", "ControlProtocol", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "ControlServerTests",
      dependencies: [
        "Vocabulary", "WebSocketProtocol", "EventLoop", "WebSocketEngine", "ControlProtocol",
        "ControlServer", "ControlClient", "History", "TestCertificates", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "HistoryTests",
      dependencies: [
        "Vocabulary", "EventLoop", "ControlProtocol", "ControlServer", "History", "TestSupport",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ControlClientTests",
      dependencies: [
        "Vocabulary", "WebSocketProtocol", "EventLoop", "ControlProtocol", "ControlClient",
        "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "DashboardTests",
      dependencies: ["Vocabulary", "ControlProtocol", "Dashboard", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TerminalTests", dependencies: ["Dashboard", "CNcurses", "Terminal"],
      swiftSettings: strict),
    .testTarget(
      name: "LoadGeneratorTests",
      dependencies: [
        "Vocabulary", "WebSocketProtocol", "EventLoop", "ControlProtocol", "LoadGenerator",
        "TestSupport", .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "wstopTests",
      dependencies: [
        "Vocabulary", "WebSocketProtocol", "EventLoop", "WebSocketEngine", "ControlProtocol",
        "ControlServer", "ControlClient", "LoadGenerator", "Dashboard", "wstop", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests", dependencies: ["wstop", "TestCertificates", "TestSupport"],
      exclude: ["Support/clients.py", "Support/servers.py"],
      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
