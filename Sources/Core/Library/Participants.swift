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
    /// The patient whose image this study was made from; studies that share it are not independent.
    public var sourceSubject: String?
    /// Whether lesions were planted in it; `nil` when it belongs to no planted cohort.
    public var isPlanted: Bool?
  }

  /// The column of the patient that a planted study comes from.
  static let sourceColumn = "source_subject"
  /// The column that says whether lesions were planted, "true" or "false".
  static let plantedColumn = "planted"

  private var rows: [String: Row] = [:]
  private var others: [String: [String: String]] = [:]
  /// Columns that are read beside those with a place of their own.
  private static let mostOthers = 60

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
    let taken = Set([age, sex, mjoa, id].compactMap(\.self))
    let free = Set(
      table.columns.filter { !$0.isEmpty && !taken.contains($0) }.prefix(Self.mostOthers))
    let (source, planted) = (column([Self.sourceColumn]), column([Self.plantedColumn]))
    for cells in table.rows {
      guard let name = cells[id] else { continue }
      let participant = name.hasPrefix("sub-") ? String(name.dropFirst(4)) : name
      func cell(_ column: String?, limit: Int = 20) -> String? {
        column.flatMap { cells[$0]?.cleaned(limit: limit) }
      }
      rows[participant] = Row(
        age: cell(age), sex: cell(sex), mjoa: cell(mjoa),
        sourceSubject: cell(source, limit: 100),
        isPlanted: cell(planted).flatMap { Bool($0.lowercased()) })
      others[participant] = cells.filter { free.contains($0.key) }
        .mapValues { $0.cleaned(limit: 60) }
    }
  }

  /// The labels of the subjects listed, without "sub-".
  public var ids: [String] { rows.keys.sorted() }

  /// What stands in the columns without a place of their own, by their names, for a subject's label.
  public func others(of participant: String) -> [String: String] { others[participant] ?? [:] }

  /// The row of a subject's label without "sub-"; empty when there is none.
  public subscript(participant: String) -> Row { rows[participant] ?? Row() }
}
