import Core
import Foundation

/// What a command says of others' readings that it leaves out of reports, or that it shows after a note in the own
/// journals.
struct ViewerMessages {
  /// Asks for others' readings of studies that are not signed yet.
  static let option = Option.flag(
    "compare", "for readers: also what others signed before you have; your journals note it")

  /// Sentences for the help of a command that takes it.
  static let remarks = [
    "A reader's login is told of others' readings what they signed, of studies that it has signed itself;",
    "after --compare you sign a study as supervisor or adjudicator only. Other logins are told all.",
  ]

  /// Most subjects that a line names.
  private static let mostNames = 12

  private let viewer: ReadingViewer?
  private var isAnyLeftOut = false
  private var noted: [String] = []
  /// The studies of each refusal, in the order of the first of each.
  private var refused: [(why: String, subjects: [String])] = []

  /// Makes one of nothing left out.
  init(_ viewer: ReadingViewer?) { self.viewer = viewer }

  /// Who runs the program, where that is somebody who reads in the library.
  ///
  /// - Throws: `ReadError` where `readers.tsv` cannot be read.
  static func viewer(of library: StudyLibrary, compares: Bool = false) throws -> ReadingViewer? {
    try ReadingViewer(
      ReaderIdentity.current(library: library.root), in: library, compares: compares)
  }

  /// Takes in what was told of a study.
  mutating func add(_ subject: String, _ others: OthersTold) {
    switch others {
    case .everything: break
    case .signed(_, let isNoted): if isNoted { noted.append(subject) }
    case .own(_, let refusal?):
      if let known = refused.firstIndex(where: { $0.why == refusal }) {
        refused[known].subjects.append(subject)
      } else {
        refused.append((refusal, [subject]))
      }
    case .own: isAnyLeftOut = true
    }
  }

  /// Says it on stderr; nothing of it tells whether others have read a study that they are left out of.
  func say() {
    guard let viewer else { return }
    if isAnyLeftOut {
      Output.message(
        "readings of others are left out of studies that \(viewer.reader) has not signed"
          + (viewer.compares ? "; where nobody else has, there is nothing to compare" : ""))
    }
    for (why, subjects) in refused {
      Output.message("readings of others are left out: \(why): \(Self.names(subjects))")
    }
    if !noted.isEmpty {
      Output.message(
        "noted in \(viewer.reader)'s journals as compared, to be signed as supervisor or "
          + "adjudicator only: \(Self.names(noted))")
    }
  }

  private static func names(_ subjects: [String]) -> String {
    let rest = subjects.count - mostNames
    let more = rest > 0 ? " and \(rest) more" : ""
    return subjects.prefix(mostNames).joined(separator: ", ") + more
  }
}
