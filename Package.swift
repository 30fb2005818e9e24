// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "plystra-swift",
  platforms: [.macOS(.v13)],
  products: [
    .library(name: "PlystraModels", targets: ["PlystraModels"]),
    .library(name: "PlystraCore", targets: ["PlystraCore"]),
    .library(name: "PlystraCurlTransport", targets: ["PlystraCurlTransport"]),
    .library(name: "PlystraURLSessionTransport", targets: ["PlystraURLSessionTransport"]),
    .library(name: "PlystraTesting", targets: ["PlystraTesting"]),
    .executable(name: "plystra-quickstart", targets: ["plystra-quickstart"]),
    .executable(name: "plystra-kernel", targets: ["plystra-kernel"]),
  ],
  targets: [
    .systemLibrary(
      name: "CLibcurl",
      pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]
    ),
    .target(name: "PlystraModels"),
    .target(name: "PlystraCore", dependencies: ["PlystraModels"]),
    .target(name: "PlystraCurlTransport", dependencies: ["PlystraCore", "CLibcurl"]),
    .target(name: "PlystraURLSessionTransport", dependencies: ["PlystraCore"]),
    .target(name: "PlystraTesting", dependencies: ["PlystraCore"]),
    .executableTarget(
      name: "plystra-quickstart",
      dependencies: [
        "PlystraCore", "PlystraCurlTransport", "PlystraURLSessionTransport", "PlystraTesting",
      ]
    ),
    .executableTarget(name: "plystra-kernel", dependencies: ["PlystraCore", "PlystraTesting"]),
    .executableTarget(
      name: "plystra-benchmarks",
      dependencies: [
        "PlystraCore", "PlystraCurlTransport", "PlystraURLSessionTransport", "PlystraTesting", "TestSupport",
        "CAllocationCounter", "PlainLibcurl",
      ],
      path: "Benchmarks",
      exclude: ["README.md", "Plots", "CAllocationCounter", "PlainLibcurl"]
    ),
    .target(name: "CAllocationCounter", path: "Benchmarks/CAllocationCounter"),
    // Requests in plain C, which the benchmarks compare CurlTransport with.
    .target(name: "PlainLibcurl", dependencies: ["CLibcurl"], path: "Benchmarks/PlainLibcurl"),
    // Fixtures, vectors and the raw servers that the test targets share.
    .target(
      name: "TestSupport",
      dependencies: ["PlystraCore"],
      path: "Tests/TestSupport",
      resources: [.copy("Fixtures"), .copy("Samples"), .copy("Vectors")]
    ),
    // Built and run by Scripts/fuzz-json.
    .executableTarget(
      name: "plystra-fuzz-json", dependencies: ["PlystraCore", "TestSupport"], path: "Tests/JSONFuzz"),
    .testTarget(name: "PlystraModelsTests", dependencies: ["PlystraCore", "TestSupport"]),
    .testTarget(
      name: "PlystraCoreTests",
      dependencies: ["PlystraCore", "PlystraTesting", "TestSupport"]
    ),
    .testTarget(
      name: "TransportTests",
      dependencies: [
        "PlystraCore", "PlystraCurlTransport", "PlystraURLSessionTransport", "PlystraTesting",
        "TestSupport", "CLibcurl",
      ]
    ),
    .testTarget(
      name: "PlystraTestingTests",
      dependencies: ["PlystraCore", "PlystraCurlTransport", "PlystraTesting", "TestSupport"]
    ),
    .testTarget(name: "ExecutableTests", dependencies: ["PlystraCore", "TestSupport"]),
  ],
  swiftLanguageModes: [.v6]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
