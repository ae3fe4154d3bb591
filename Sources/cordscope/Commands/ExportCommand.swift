import Core
import Foundation
import Imaging

/// `export LIB`: one-page reports of a library's studies as files.
enum ExportCommand: Subcommand {
  static let name = "export"
  static let summary = "writes one-page reports, a table of all verdicts and SCT's qc_fail.yml"
  static let remarks = ViewerMessages.remarks
  static let operands = "LIB --out DIR"
  static let options: [Option] = [
    .value("out", "DIR", "a new or empty folder, or that of an earlier export"),
    .value("subject", "S", "only this study, without the files of the whole library"),
    .value("format", "LIST", "of text,md,json,csv,png (default: all)"),
    .value("reader", "R", "only this reader's acts (default: all readers')"),
    ViewerMessages.option,
  ]

  static func run(_ arguments: Arguments) throws -> ExitCode {
    let path = try arguments.onlyPath("the library")
    guard let out = try arguments.url("out") else {
      throw Arguments.UsageError(message: "--out DIR is missing")
    }
    let formats = try formats(arguments.text("format"))
    if arguments.text("reader")?.isEmpty == true {
      throw Arguments.UsageError(message: "--reader takes a reader's id")
    }
    let library = try StudyLibrary(opening: path)
    if let reader = arguments.text("reader") { try check(reader, of: library) }
    let studies = try arguments.text("subject").map { [try library.study($0)] } ?? library.studies
    let viewer = try ViewerMessages.viewer(of: library, compares: arguments.has("compare"))
    let export = try LibraryExport(
      of: library, into: out, formats: formats, reader: arguments.text("reader"), for: viewer)
    var messages = ViewerMessages(viewer)
    // Also where it ends before the last study: what was noted is said.
    defer { messages.say() }
    Interruption.listen()
    let line = ProgressLine()
    var problems: [String] = []
    for (n, study) in studies.enumerated() {
      guard !Interruption.isRequested else {
        line.finish()
        let reports = Output.count(studies.count, "report is", "reports are")
        throw Interrupted(advice: "\(n) of \(reports) whole; export again.")
      }
      line.show("writing reports", fraction: Double(n) / Double(studies.count))
      let sheet = try export.write(study) { messages.add(study.subject, $0) }
      line.count("writing reports", of: studies.count)
      if study.problem != nil { problems.append("\(sheet.subject): \(sheet.problem ?? "")") }
    }
    line.finish()
    if arguments.text("subject") == nil { try export.finish() }
    for problem in problems { Output.message(problem) }
    Output.print(
      "\(Output.count(studies.count, "report", "reports")) in \(out.path)\n\(Notice.researchUse)"
    )
    return problems.isEmpty ? .done : .unusableInput
  }

  /// A reader who is not there has stated nothing: files that say so would look like an unread library.
  private static func check(_ reader: String, of library: StudyLibrary) throws {
    let known = try library.knownReaders()
    guard !known.contains(ReaderIdentity.sanitised(reader)) else { return }
    let words = known.isEmpty ? "it has no readers yet" : "it has \(known.joined(separator: ", "))"
    throw Arguments.UsageError(
      message: "--reader \(reader): no such reader in this library; \(words)".cleaned(limit: 1000))
  }

  private static func formats(_ list: String?) throws -> Set<LibraryExport.Format> {
    guard let list else { return Set(LibraryExport.Format.allCases) }
    let formats = try list.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let format = LibraryExport.Format(rawValue: String(word)) else {
        let words = LibraryExport.Format.allCases.map(\.rawValue).joined(separator: ",")
        throw Arguments.UsageError(message: "--format takes a list of: \(words)")
      }
      return format
    }
    return Set(formats)
  }
}
