import PlystraCore
import PlystraTesting
import TestSupport
import Testing

/// Every recorded Context Mode decision, judged by the kernel through its endpoints.
@Suite struct DecisionVectorTests {
  /// Where one vector and the kernel differ, nil if nowhere.
  private func difference(_ vector: JSONValue) throws -> String? {
    let types = try #require(vector["registry"]?.objectValue)
    var seed = KernelSeed.demo
    seed.resourceTypes = types.map { type in
      KernelSeed.ResourceType(
        key: type.key, actions: (type.value.arrayValue ?? []).compactMap(\.stringValue))
    }
    let driver = try KernelDriver(seed)
    let expected = try #require(vector["expect"]?.objectValue)
    let request = try #require(vector["request"])
    let answer = driver.post("authz/explain", request, KernelDriver.apiKey)
    guard .integer(Int64(answer.status)) == expected["status"] else {
      return "status \(answer.status): \(answer.text)"
    }
    guard answer.status == 200 else {
      return answer.error["code"] == expected["code"] ? nil : "code \(answer.text)"
    }
    for (key, value) in expected where key != "status" && key != "audit" {
      if answer.data[key] != value { return "\(key): \(answer.data[key] ?? "absent") instead of \(value)" }
    }
    for (key, value) in expected["audit"]?.objectValue ?? [:] {
      let found = answer.data["audit"]?[key]
      if found != value { return "audit.\(key): \(found ?? "absent") instead of \(value)" }
    }
    return try differenceOfCheck(driver, request, expected)
  }

  /// The short answer must say what the long one says.
  private func differenceOfCheck(
    _ driver: KernelDriver, _ request: JSONValue, _ expected: JSONObject
  ) throws -> String? {
    var request = try #require(request.objectValue)
    request["explain"] = nil
    let data = driver.post("authz/check", .object(request), KernelDriver.apiKey).data
    for key in ["decision", "deny_code", "reason"] where data[key] != expected[key] {
      return "check: \(key) is \(data[key] ?? "absent")"
    }
    return data["allow"] == .bool(expected["decision"] == "allow") ? nil : "check: allow is wrong"
  }

  @Test func everyVectorIsJudgedAsRecorded() throws {
    let lines = try Fixtures.vectors("context-mode")
    #expect(lines.count == 495)
    var differences: [String] = []
    for (index, line) in lines.enumerated() {
      if let difference = try difference(try JSONValue(parsing: line)) {
        differences.append("line \(index + 1): \(difference)")
      }
    }
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }
}
