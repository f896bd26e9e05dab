// swift-tools-version: 6.2
import PackageDescription

// The names that the modules under test call `package` are seen by whoever is compiled with the
// same package name, which SwiftPM makes of the folder's. So a checkout may have any name but
// that of this folder.
let checkout = Context.packageDirectory.split(separator: "/").dropLast(2).last.map(String.init)
let packageName = String(
  (checkout ?? "wstop").lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
  // libFuzzer brings the main function.
  .unsafeFlags(["-parse-as-library", "-package-name", packageName]),
]

let fuzzers = [
  "FuzzRequestHead", "FuzzResponseHead", "FuzzExtensions", "FuzzMessages", "FuzzDeflate",
  "FuzzFilter", "FuzzControl", "FuzzText", "FuzzProxies", "FuzzRoutes",
  "FuzzJSON", "FuzzRedaction", "FuzzClientHello", "FuzzNames", "FuzzUpstream",
  "FuzzConversation",
]

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "wstop", path: "../..")],
  targets: [
    .target(
      name: "FuzzSupport", dependencies: [.product(name: "ControlServer", package: "wstop")],
      packageAccess: false, swiftSettings: settings)
  ]
    + fuzzers.map {
      .executableTarget(
        name: $0, dependencies: ["FuzzSupport"], packageAccess: false, swiftSettings: settings)
    },
  swiftLanguageModes: [.v6]
)
