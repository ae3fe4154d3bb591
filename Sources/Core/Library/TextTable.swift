public import Foundation
internal import Imaging

/// A tab-separated table with a header line, every cell cleaned of control characters.
public struct TextTable: Equatable, Sendable {
  /// A table larger than this is not one of ours.
  static let largest = 64 << 20

  /// The names of the columns.
  public let columns: [String]
  /// The rows, each with the cells that are not empty and not "n/a".
  public let rows: [[String: String]]

  /// Reads a table from a file.
  ///
  /// - Throws: `ReadError` when the file cannot be read.
  public init(contentsOf url: URL) throws {
    let bytes = try FileBytes.read(url, limit: Self.largest)
    self.init(String(decoding: bytes, as: UTF8.self))
  }

  /// Reads a table from a text; short lines have fewer cells, surplus cells are dropped.
  public init(_ text: String) {
    // Lines may end in LF, CR LF or CR, and a byte order mark may come first.
    let body = text.unicodeScalars.first == "\u{FEFF}" ? String(text.dropFirst()) : text
    var lines = body.split(whereSeparator: \.isNewline).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).trimmed.cleaned }
    }
    columns = lines.isEmpty ? [] : lines.removeFirst()
    rows = lines.map { [columns] cells in
      var row: [String: String] = [:]
      for (column, cell) in zip(columns, cells) where !cell.isEmpty && cell.lowercased() != "n/a" {
        row[column] = cell
      }
      return row
    }
  }
}

extension String {
  /// The text without blanks at its ends.
  var trimmed: String {
    var view = self[...]
    while view.first == " " || view.first == "\t" { view.removeFirst() }
    while view.last == " " || view.last == "\t" { view.removeLast() }
    return String(view)
  }
}
