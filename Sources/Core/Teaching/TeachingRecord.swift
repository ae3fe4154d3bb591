internal import Foundation
internal import Imaging

/// One line of a teaching session's file.
public struct TeachingRecord: Codable, Equatable, Sendable {
  /// What was done.
  public enum Action: String, Codable, Sendable {
    /// The session was made of its cases.
    case created
    /// A learner opened a case whose truth he had not seen.
    case opened
    /// The presenter shows something else.
    case view
  }

  /// The cases of a session, as its first line has them.
  public struct Plan: Codable, Equatable, Sendable {
    /// What stands for each study, in order; see ``TeachingSession/key(of:salt:)``.
    public var cases: [String]
    /// What the keys are made with, so that those of two sessions differ.
    public var salt: String
    /// Whether signed readings are truth where the library has none.
    public var readings: Bool
  }

  /// 1, 2, 3, ... within the file.
  public var seq: Int
  /// UTC, ISO 8601 with milliseconds.
  public var time: String
  /// The reader's id.
  public var reader: String
  /// What was done.
  public var action: Action
  /// The cases, for `created`.
  public var plan: Plan?
  /// The case from 1, for `opened`.
  public var caseNumber: Int?
  /// For `opened`, whether the learner's program notes in his journal whose a reveal is; `nil` in lines of
  /// earlier versions, which did not.
  public var notesReasons: Bool?
  /// What is shown, for `view`.
  public var view: TeachingView?
  /// For `view`, what its presenter's sign of life is told by; `nil` in sessions of earlier versions.
  public var showing: String?
  /// SHA-256 of the previous line (without its newline); zeros for the first.
  public var previous: String
  /// SHA-256 of this line's bytes before the `digest` key.
  public var digest = ""

  enum CodingKeys: String, CodingKey {
    case seq, time, reader, action, plan
    case caseNumber = "case"
    case notesReasons = "reasons"
    case view, showing, previous, digest
  }

  /// The record as one line without the newline, its digest filled in.
  mutating func sealedLine() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func json(_ value: some Encodable) throws -> String {
      String(decoding: try encoder.encode(value), as: UTF8.self)
    }
    var fields = [
      "\"seq\":\(seq)", "\"time\":\(ReviewRecord.quoted(time))",
      "\"reader\":\(ReviewRecord.quoted(reader))",
      "\"action\":\(ReviewRecord.quoted(action.rawValue))",
    ]
    if let plan { fields.append("\"plan\":\(try json(plan))") }
    if let caseNumber { fields.append("\"case\":\(caseNumber)") }
    if let notesReasons { fields.append("\"reasons\":\(notesReasons)") }
    if let view { fields.append("\"view\":\(try json(view))") }
    if let showing { fields.append("\"showing\":\(ReviewRecord.quoted(showing))") }
    fields.append("\"previous\":\(ReviewRecord.quoted(previous))")
    let bytes = Array(("{" + fields.joined(separator: ",")).utf8)
    digest = SHA256.hexDigest(of: bytes)
    return bytes + ReviewRecord.digestKey + Array("\(digest)\"}".utf8)
  }

  /// Reads a line without its newline; throws a sentence where it is not as the program wrote it.
  static func parse(line: ArraySlice<UInt8>) throws(ReviewRecord.LineError) -> TeachingRecord {
    guard let record = try? JSONDecoder().decode(TeachingRecord.self, from: Data(line)) else {
      throw ReviewRecord.LineError(why: "it cannot be read")
    }
    try ReviewRecord.verify(line, digest: record.digest)
    return record
  }

  /// Whether it has what its action needs.
  var isWhole: Bool {
    switch action {
    case .created: plan.map { !$0.cases.isEmpty } ?? false
    case .opened: caseNumber != nil
    case .view: view != nil
    }
  }
}
