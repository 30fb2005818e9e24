import PlystraTesting
import Testing

/// A complaint about a seed file says on which line to look.
@Suite struct SeedLineTests {
  private func error(_ text: String) throws -> KernelSeedError {
    try #require(throws: KernelSeedError.self) { try KernelSeed(parsing: Array(text.utf8)) }
  }

  private static let file = """
    {
      "users": [
        { "id": "u1", "email": "a@b.c", "password": "x" },
        {
          "id": "u2",
          "email": 7,
          "password": "y"
        }
      ]
    }
    """

  @Test func namesTheLineOfTheValue() throws {
    let error = try error(Self.file)
    #expect(error.path == "users[1].email" && error.line == 6)
    #expect(error.description == "users[1].email: expected a string, found a number (line 6)")
  }

  @Test func namesTheLineOfWhatAValueIsMissingFrom() throws {
    let error = try error(Self.file.replacing("\"email\": 7,\n", with: ""))
    #expect(error.path == "users[1].email" && error.line == 4)
  }

  @Test func namesTheLineOfAKeyThatIsUnknown() throws {
    let error = try error("{\n\n  \"spaces\": [],\n  \"usres\": []\n}")
    #expect(error.path == "usres" && error.line == 4)
  }

  @Test func namesTheLineOfARepetition() throws {
    let user = #"{"id": "u", "email": "a@b.c", "password": "]}\",[{"}"#
    let other = #"{"id": "u", "email": "d@e.f", "password": "p"}"#
    let error = try error("{ \"users\": [\n\(user),\n\(other)\n] }")
    #expect(error.path == "users[1].id" && error.line == 3)
  }

  @Test(arguments: [
    ("{\n  \"users\": [\n  oops\n]}", 3), ("{\n\n", 3), ("", 1), ("{}\n{}", 2),
    ("{\"users\": []\n\"spaces\": []}", 2),
  ])
  func namesTheLineOfWhatIsNotJSON(text: String, line: Int) throws {
    let error = try error(text)
    #expect(error.line == line)
    #expect(error.description.hasPrefix("not JSON: ") && error.description.hasSuffix("(line \(line))"))
  }

  @Test func namesTheFirstLineForTheFileAsAWhole() throws {
    #expect(try error("[1,\n2]").line == 1)
  }

  @Test func aLongFileIsNoBurden() throws {
    let spaces = (0..<5_000).map { "{\"id\": \"space_\($0)\"}" }.joined(separator: ",\n")
    let error = try error("{\"spaces\": [\n\(spaces),\n{\"id\": false}]}")
    #expect(error.path == "spaces[5000].id" && error.line == 5_002)
  }
}
