internal import Foundation
internal import Imaging

extension Participants {
  /// Adds subjects to a library's participants.tsv; other lines and columns stay as they are.
  ///
  /// - Parameters:
  ///   - subjects: labels without "sub-", each with its cells by the column's lower-case name; a
  ///     column without a cell gets "n/a".
  ///   - columns: columns to be added where the table has none of that name.
  ///   - replacing: whether the line of a subject who stands there already is written anew.
  /// - Throws: `ReadError` when the file cannot be read, `WriteError` when it cannot be written.
  static func add(
    _ subjects: [(label: String, cells: [String: String])], columns: [String] = [],
    library root: URL, replacing: Bool
  ) throws {
    let url = root.appendingPathComponent("participants.tsv")
    var lines: [String] = []
    if FileManager.default.fileExists(atPath: url.path) {
      let text = String(decoding: try FileBytes.read(url, limit: TextTable.largest), as: UTF8.self)
      lines = text.split(whereSeparator: \.isNewline).map(String.init)
    }
    if lines.isEmpty { lines = ["participant_id\tage\tsex\tmjoa"] }
    extend(&lines, by: columns)
    let columns = lines[0].split(separator: "\t", omittingEmptySubsequences: false).map {
      String($0).trimmed
    }
    var places: [String: Int] = [:]
    for (place, line) in lines.enumerated().dropFirst() {
      places[String(line.prefix { $0 != "\t" })] = place
    }
    for (label, cells) in subjects {
      let id = "sub-\(label)"
      let row = columns.map { column in
        column == "participant_id" ? id : cells[column.lowercased()]?.cleaned ?? "n/a"
      }.joined(separator: "\t")
      if let place = places[id] {
        if replacing { lines[place] = row }
      } else {
        places[id] = lines.count
        lines.append(row)
      }
    }
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: url)
  }

  /// Adds columns that a table lacks; the lines that are there get "n/a".
  private static func extend(_ lines: inout [String], by columns: [String]) {
    let known = lines[0].split(separator: "\t", omittingEmptySubsequences: false).map {
      String($0).trimmed.lowercased()
    }
    for column in columns where !known.contains(column) {
      lines[0] += "\t\(column)"
      for place in lines.indices.dropFirst() { lines[place] += "\tn/a" }
    }
  }
}
