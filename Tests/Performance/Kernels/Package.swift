// swift-tools-version: 6.2
import PackageDescription

// What is measured is called `package`, and seen by whoever is compiled with the main package's
// name, which SwiftPM makes of the checkout's folder.
let checkout = Context.packageDirectory.split(separator: "/").dropLast(3).last.map(String.init)
let packageName = String(
  (checkout ?? "wstop").lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })

let package = Package(
  name: "Kernels",
  dependencies: [.package(name: "wstop", path: "../../..")],
  targets: [
    .executableTarget(
      name: "Kernels", dependencies: [.product(name: "ControlServer", package: "wstop")],
      packageAccess: false,
      swiftSettings: [
        .enableUpcomingFeature("InternalImportsByDefault"),
        .unsafeFlags(["-package-name", packageName]),
      ])
  ],
  swiftLanguageModes: [.v6]
)
