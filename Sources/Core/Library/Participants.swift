public import Foundation
internal import Imaging

/// What `participants.tsv` says of the subjects, as written there.
public struct Participants: Equatable, Sendable {
  /// One subject's row.
  public struct Row: Equatable, Sendable {
    /// Age in years.
    public var age: String?
    /// Sex.
    public var sex: String?
    /// mJOA score.
    public var mjoa: String?
  }

  private var rows: [String: Row] = [:]

  /// Nothing is known.
  public init() {}

  /// Reads `participants.tsv` of a library; nothing is known when it is absent.
  ///
  /// - Throws: `ReadError` when the file is there but cannot be read.
  public init(library root: URL) throws {
    let url = root.appendingPathComponent("participants.tsv")
    guard FileManager.default.fileExists(atPath: url.path) else { return }
    let table = try TextTable(contentsOf: url)
    func column(_ names: [String]) -> String? {
      table.columns.first { names.contains($0.lowercased()) }
    }
    let (age, sex) = (column(["age", "age_years"]), column(["sex", "gender"]))
    let mjoa = column(["mjoa", "mjoa_score", "mjoa_total", "mjoa_baseline"])
    let id = column(["participant_id", "participant"]) ?? "participant_id"
    for cells in table.rows {
      guard let name = cells[id] else { continue }
      let participant = name.hasPrefix("sub-") ? String(name.dropFirst(4)) : name
      func cell(_ column: String?) -> String? {
        column.flatMap { cells[$0]?.cleaned(limit: 20) }
      }
      rows[participant] = Row(age: cell(age), sex: cell(sex), mjoa: cell(mjoa))
    }
  }

  /// The labels of the subjects listed, without "sub-".
  public var ids: [String] { rows.keys.sorted() }

  /// The row of a subject's label without "sub-"; empty when there is none.
  public subscript(participant: String) -> Row { rows[participant] ?? Row() }
}
