import Foundation
import PlystraTesting
import Testing

/// The articles show what is compiled and run here, line for line.
@Suite struct ArticleTests {
  private static let examples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  private static let catalogue = examples.deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Sources/PlystraTesting/PlystraTesting.docc")

  private func article(_ name: String) throws -> String {
    try String(contentsOf: Self.catalogue.appendingPathComponent("\(name).md"), encoding: .utf8)
  }

  /// The code blocks of a language, without their fences.
  private func blocks(of language: String, in text: String) -> [String] {
    text.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
  }

  /// What stands between the marks of an example's file, behind the imports that the article shows too.
  private func region(of file: String) throws -> String {
    let text = try String(contentsOf: Self.examples.appendingPathComponent(file), encoding: .utf8)
    let start = try #require(text.range(of: "// example: begin\n"))
    let end = try #require(text.range(of: "// example: end\n"))
    let imports = text[..<start.lowerBound].split(separator: "\n").filter { $0.hasPrefix("import ") }
    return imports.joined(separator: "\n") + "\n\n" + text[start.upperBound..<end.lowerBound]
  }

  @Test func theArticleShowsTheExamples() throws {
    let shown = blocks(of: "swift", in: try article("TestingYourAuthorization"))
    let files = [
      "MockExample.swift", "MatrixExample.swift", "FixtureExample.swift", "FaultDrillExample.swift",
      "TransportExample.swift",
    ]
    #expect(shown.count == files.count)
    for (block, file) in zip(shown, files) { #expect(try block == region(of: file), "\(file)") }
  }

  @Test func everyExampleIsShown() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.examples.path)
    let article = try article("TestingYourAuthorization")
    #expect(names.filter { $0.hasSuffix("Example.swift") }.count == 5)
    #expect(article.contains("<doc:TestingAServiceInAnotherLanguage>"))
  }

  @Test func theSeedFileInTheArticleIsOne() throws {
    let seeds = blocks(of: "json", in: try article("TestingAServiceInAnotherLanguage"))
    #expect(seeds.count == 1)
    let seed = try KernelSeed(parsing: Array(try #require(seeds.first).utf8))
    try seed.validate()
    #expect(seed.apiKeys.map(\.level) == [.space("space_acme")])
  }
}
