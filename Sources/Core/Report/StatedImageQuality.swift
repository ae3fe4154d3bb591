internal import Foundation

/// The image quality that a reader's acts state, read by the keys of the journal's lines
/// (`"action"`, `"quality"`): an act that was taken back does not count, the latest other one does.
struct StatedImageQuality: Decodable {
  private var seq: Int
  private var action: String
  private var reverts: Int?
  private var quality: String?

  /// The journal's word for images that cannot be read.
  static let fail = "fail"

  /// The latest statement that stands and the number of its act; `nil` where there is none.
  static func standing(_ records: [ReviewRecord]) -> (seq: Int, quality: String)? {
    let lines = records.compactMap { try? JSONEncoder().encode($0) }
    return standing(
      lines.compactMap { try? JSONDecoder().decode(StatedImageQuality.self, from: $0) })
  }

  /// The same of acts that are decoded.
  static func standing(_ acts: [StatedImageQuality]) -> (seq: Int, quality: String)? {
    var takenBack: [Int: Int] = [:]
    for act in acts {
      switch act.action {
      case ReviewAction.undo.rawValue:
        if let target = act.reverts { takenBack[target] = act.seq }
      case ReviewAction.redo.rawValue: takenBack = takenBack.filter { $0.value != act.reverts }
      default: break
      }
    }
    let last = acts.last { $0.quality != nil && takenBack[$0.seq] == nil }
    return last.flatMap { act in act.quality.map { (act.seq, $0.lowercased()) } }
  }
}
