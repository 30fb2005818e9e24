import Foundation

/// A plot of ratios over calls in flight, as SVG: the ratio from the bottom up, the calls from left to right on a
/// logarithmic scale, a line a contender.
struct RatioPlot {
  struct Line {
    let name: String
    /// Calls in flight and the ratio.
    let points: [(x: Double, y: Double)]
  }

  let title: String
  let subtitle: String
  let lines: [Line]

  /// The frame, in pixels.
  private static let (left, top, width, height) = (60.0, 64.0, 520.0, 300.0)
  /// Told apart with any kind of colour vision.
  private static let colours = ["#000000", "#0072b2", "#56b4e9", "#d55e00", "#e69f00", "#009e73"]

  var svg: String {
    let points = lines.flatMap(\.points)
    let calls = Set(points.map(\.x)).sorted()
    // Whole tenths around all ratios.
    let low = ((points.map(\.y).min() ?? 0) * 10).rounded(.down)
    let high = max(((points.map(\.y).max() ?? 1) * 10).rounded(.up), low + 1)
    let (first, last) = (log(calls.first ?? 1), log(calls.last ?? 1))
    func x(_ calls: Double) -> Double {
      Self.left + (last > first ? (log(calls) - first) / (last - first) : 0.5) * Self.width
    }
    func y(_ ratio: Double) -> Double { Self.top + (high - ratio * 10) / (high - low) * Self.height }

    var svg = """
      <svg xmlns="http://www.w3.org/2000/svg" width="840" height="430" font-family="sans-serif" font-size="13">
      <rect width="840" height="430" fill="white"/>
      <text x="\(Self.left)" y="26" font-size="17">\(title)</text>
      <text x="\(Self.left)" y="46" fill="#555">\(subtitle)</text>

      """
    for tenths in stride(from: low, through: high, by: high - low > 12 ? 2 : 1) {
      let height = y(tenths / 10)
      svg += """
        <path d="M\(number(Self.left)) \(number(height))h\(number(Self.width))" stroke="#ddd"/>
        <text x="\(number(Self.left - 8))" y="\(number(height + 4))" text-anchor="end">\(number(tenths / 10))</text>

        """
    }
    let bottom = Self.top + Self.height
    for calls in calls {
      svg += """
        <path d="M\(number(x(calls))) \(number(bottom))v5" stroke="#555"/>
        <text x="\(number(x(calls)))" y="\(number(bottom + 20))" text-anchor="middle">\(Int(calls))</text>

        """
    }
    svg += """
      <text x="\(number(Self.left + Self.width / 2))" y="\(number(bottom + 42))" text-anchor="middle">calls in flight</text>

      """
    for (index, line) in lines.enumerated() {
      let colour = Self.colours[index % Self.colours.count]
      let path = line.points.map { "\(number(x($0.x))),\(number(y($0.y)))" }
      svg +=
        "<polyline points=\"\(path.joined(separator: " "))\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\"/>\n"
      for point in line.points {
        svg +=
          "<circle cx=\"\(number(x(point.x)))\" cy=\"\(number(y(point.y)))\" r=\"3\" fill=\"\(colour)\"/>\n"
      }
      let (legend, row) = (Self.left + Self.width + 16, Self.top + 12 + 22 * Double(index))
      svg += """
        <path d="M\(number(legend)) \(number(row))h20" stroke="\(colour)" stroke-width="2"/>
        <text x="\(number(legend + 26))" y="\(number(row + 4))">\(line.name)</text>

        """
    }
    return svg + "</svg>\n"
  }

  private func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
