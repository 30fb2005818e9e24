import Foundation
import PlystraCore
import PlystraTesting

/// A permission matrix of 10,000 cases, each asked through the client and judged by the kernel: 25 members, 20 invoices
/// and 20 actions.
///
/// What each case should come to is worked out beside the kernel, and a case that comes to anything else fails the run.
struct MatrixBenchmark {
  private static let members = 25
  private static let resources = 20
  private static let actions = 20
  /// How many tasks ask at once, when they do.
  private static let workers = 8

  /// A decision that is not the one the matrix says.
  struct Mismatch: Error, CustomStringConvertible {
    let description: String
  }

  private struct Case: Sendable {
    let request: AuthorizationRequest
    let isAllowed: Bool
  }

  let asJSON: Bool

  func run() async throws {
    let plystra = try PlystraClient(
      baseURL: "http://localhost", apiKey: "ply_ak_matrix.secret",
      transport: InMemoryKernel(seed: try Self.seed()))
    let cases = Self.cases()
    for item in cases.prefix(1_000) { _ = try await plystra.authz.check(item.request) }  // warms up
    if !asJSON { print("\nPermission matrix, \(cases.count) cases") }
    report(
      "one after the other", cases.count,
      try await time {
        for item in cases { try Self.check(item, try await plystra.authz.check(item.request)) }
      })
    report(
      "\(Self.workers) at once", cases.count,
      try await time {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for worker in 0..<Self.workers {
            group.addTask {
              for index in stride(from: worker, to: cases.count, by: Self.workers) {
                try Self.check(cases[index], try await plystra.authz.check(cases[index].request))
              }
            }
          }
          try await group.waitForAll()
        }
      })
  }

  // MARK: The world

  /// Member *n* works in group *n mod 5*; even members may do the even actions there, and the first may do all of them
  /// in the whole space.
  private static func isAllowed(member: Int, resource: Int, action: Int) -> Bool {
    member == 0 || action.isMultiple(of: 2) && member.isMultiple(of: 2) && member % 5 == resource % 5
  }

  private static func seed() throws -> KernelSeed {
    let actions = (0..<actions).map { "action_\($0)" }
    return try KernelSeed {
      KernelSeed.ResourceType(key: "invoice", actions: actions)
      KernelSeed.APIKey("ply_ak_matrix.secret")
      KernelSeed.User("user")
      KernelSeed.Space("space") {
        for group in 0..<5 {
          KernelSeed.Group("group_\(group)") {
            for resource in 0..<resources where resource % 5 == group {
              KernelSeed.Resource("invoice", "invoice_\(resource)")
            }
          }
        }
        KernelSeed.Role("clerk") {
          for action in actions.indices where action.isMultiple(of: 2) {
            KernelSeed.Permission("invoice", actions[action], .groupTree)
          }
        }
        KernelSeed.Role("manager") {
          for action in actions { KernelSeed.Permission("invoice", action, .space) }
        }
        for member in 0..<members {
          KernelSeed.Member("member_\(member)") {
            KernelSeed.UserMember("user", isPrimary: member == 0)
            if member == 0 { KernelSeed.Grant("manager") }
            if member.isMultiple(of: 2) { KernelSeed.Grant("clerk", at: "group_\(member % 5)") }
          }
        }
      }
    }
  }

  private static func cases() -> [Case] {
    (0..<members * resources * actions).map { number in
      let (member, resource, action) = (
        number % members, number / members % resources, number / members / resources
      )
      return Case(
        request: AuthorizationRequest(
          actor: ActorContext(
            userID: "user", memberID: "member_\(member)", spaceID: "space", bindingID: "user@member_\(member)"
          ),
          resourceType: "invoice", resourceID: "invoice_\(resource)", action: "action_\(action)"),
        isAllowed: isAllowed(member: member, resource: resource, action: action))
    }
  }

  private static func check(_ item: Case, _ decision: Decision) throws {
    guard decision.isAllowed == item.isAllowed else {
      throw Mismatch(
        description:
          "\(item.request.action) on \(item.request.resourceID ?? "") by \(item.request.actor?.memberID ?? "")"
          + " should be \(item.isAllowed ? "allowed" : "denied")")
    }
  }

  // MARK: The figures

  private func time(_ body: () async throws -> Void) async throws -> Double {
    let start = ContinuousClock.now
    try await body()
    let parts = start.duration(to: .now).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }

  private func report(_ name: String, _ count: Int, _ seconds: Double) {
    let rate = Double(count) / seconds
    if asJSON {
      print(
        #"{"benchmark":"permission matrix","contender":"\#(name)","cases":\#(count),"#
          + #""seconds":\#(String(format: "%.3f", seconds)),"cases_per_second":\#(String(format: "%.0f", rate))}"#
      )
    } else {
      let label = name.padding(toLength: 34, withPad: " ", startingAt: 0)
      print("  \(label)" + String(format: "%8.3f s %10.0f cases/s", seconds, rate))
    }
  }
}
