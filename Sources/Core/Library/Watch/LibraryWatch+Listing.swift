public import Foundation
internal import Imaging

extension LibraryWatch {
  /// One delivery that lies in a drop folder.
  public struct Entry: Equatable, Sendable {
    /// What the log calls it.
    public var name: String
    /// What became of it: "imported", "refused", "taken in part: 3 of 5 series", with the number of files
    /// that could not be used, "in the library" where all of it was there before this delivery, or "not
    /// dealt with".
    public var state: String
    /// What of it was not taken and why, as far as is known; what is damaged comes first.
    public var reasons: [String] = []
    /// Where it lies, cleaned.
    public var path: String
  }

  /// What deliveries that lie in a folder are called in the log of a library, for those who may know.
  ///
  /// - Throws: `ReadError` when the folder cannot be listed or the library has no register,
  ///   `LibraryError`.
  public static func deliveries(in folder: URL, of root: URL) throws -> [Entry] {
    let folderOfRegister = PrivateRegister.folder(library: root)
    guard FileManager.default.fileExists(atPath: folderOfRegister.path) else {
      throw LibraryError.notALibrary(root.path.cleaned, "nothing was watched for it yet")
    }
    let register = try PrivateRegister(library: root)
    let ledger = try DeliveryLedger(library: root)
    let contents = try LibraryContents(root)
    var look = DropFolder(folder, quietFor: .zero)
    return try look.look().complete.map { delivery in
      let state = state(of: delivery, in: folder, ledger, contents)
      let called = names(of: delivery, register)
      return Entry(
        name: called.name, state: state.words,
        reasons: called.resolved(state.reasons, files: delivery.files),
        path: delivery.place.path.cleaned)
    }
  }

  /// What became of a delivery: as it lies there, else of the same contents before they were copied or
  /// touched, else whether the library has them all the same.
  private static func state(
    of delivery: DropFolder.Delivery, in folder: URL, _ ledger: DeliveryLedger,
    _ library: LibraryContents
  ) -> (words: String, reasons: [String]) {
    let untouched: (words: String, reasons: [String]) = ("not dealt with", [])
    let state = ledger.state(stamp: delivery.stamp)
    if let state, !ledger.isRefused(stamp: delivery.stamp) { return state }
    return FileBytes.withoutLinks(below: folder) {
      var hashes = FileHashes()
      if state == nil,
        let contents = try? DeliveryLedger.contents(
          of: delivery.files, known: &hashes, isCancelled: { false }),
        let former = ledger.state(contents: contents)
      {
        return former
      }
      // What was refused somebody may have imported since, as the advice to it says.
      let sources = ImportSource.find(
        delivery.sources, followsLinks: false, acceptsContrast: false)
      guard library.holds(sources) else { return state ?? untouched }
      return ("in the library", [])
    }
  }
}

extension LibraryWatch.Entry {
  /// The entry as lines for a terminal: what became of it, then what was not taken, each with the reason.
  ///
  /// Nothing is cut. A command in a reason has a line of its own, whole, so that it can be copied.
  /// - Parameter columns: the width to break reasons at; `nil` for one line each, as scripts read them.
  public func lines(columns: Int?) -> [String] {
    ["\(name)  \(state)  \(path)"]
      + reasons.flatMap { Self.broken("not taken: \($0)", columns) }
  }

  private static let indent = (first: "  ", further: "    ")
  /// What commands that advice names begin with.
  private static let command = "cordscope import "

  private static func broken(_ text: String, _ columns: Int?) -> [String] {
    guard let columns, indent.first.count + text.count > columns else {
      return [indent.first + text]
    }
    let start = text.firstRange(of: command)?.lowerBound ?? text.endIndex
    var lines: [String] = []
    var line = indent.first
    for word in text[..<start].split(separator: " ") {
      if line.count + 1 + word.count > columns, line.contains(where: { $0 != " " }) {
        lines.append(line)
        line = indent.further
      }
      line += (line.last == " " ? "" : " ") + String(word)
    }
    lines.append(line)
    return start == text.endIndex ? lines : lines + [indent.further + String(text[start...])]
  }
}
