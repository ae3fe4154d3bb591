internal import Core
internal import Imaging

/// A reader's macros, kept as a text of sections:
///
///     [nothing seen]
///     state here absent
///     next-segment
///     state here absent
///     state study quality pass
struct MacroBook: Equatable, Sendable {
  /// The macros in the order in which they were first saved.
  private(set) var macros: [Macro] = []

  /// Macros that a reader may have.
  static let most = 100

  /// No macros.
  init() {}

  subscript(name: String) -> Macro? { macros.first { $0.name == name } }

  /// Keeps a macro in the place of the one of the same name, or as the last.
  mutating func keep(_ macro: Macro) {
    if let index = macros.firstIndex(where: { $0.name == macro.name }) {
      macros[index] = macro
    } else {
      macros.append(macro)
    }
  }

  /// Deletes a macro.
  mutating func delete(_ name: String) { macros.removeAll { $0.name == name } }

  /// The macros as a text that is read back.
  var text: String {
    var lines = [
      "# Macros of Cordscope: [NAME], then one line for each step: the word of a command (next-segment),",
      "# or state PLACE WHAT. PLACE is here (the segment selected), C2-3 ... C7-T1 or study; WHAT is",
      "# present, absent or cannot-tell, each alone or with because REASON; grade 1-2, axccm 0-3, confidence",
      "# 1-3, comment WORDS; of the study quality pass, fail or artifact, difficulty easy, medium or hard, flag.",
    ]
    for macro in macros { lines += ["", "[\(macro.name)]"] + macro.steps.map(\.text) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Reads the text of a file.
  ///
  /// - Throws: `ReadError` naming file and line.
  init(text: String, file: String) throws {
    func wrong(_ number: Int, _ problem: String) -> ReadError {
      ReaderText.mistake(problem, line: number, of: file)
    }
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let (line, number) = (String(line).trimmingSpaces, index + 1)
      if line.isEmpty || line.hasPrefix("#") { continue }
      if line.hasPrefix("["), line.hasSuffix("]") {
        let name = String(line.dropFirst().dropLast()).trimmingSpaces
        if let problem = Macro.problem(ofName: name) { throw wrong(number, problem) }
        guard self[name] == nil else { throw wrong(number, "the macro \"\(name)\" is there twice") }
        guard macros.count < Self.most else { throw wrong(number, "more than \(Self.most) macros") }
        macros.append(Macro(name: name, steps: []))
        continue
      }
      guard let at = macros.indices.last else {
        throw wrong(number, "a step stands before the first [NAME]")
      }
      guard macros[at].steps.count < Macro.mostSteps else {
        throw wrong(number, "more than \(Macro.mostSteps) steps")
      }
      do throws(MacroMistake) {
        macros[at].steps.append(try MacroStep(text: line))
      } catch {
        throw wrong(number, error.reason)
      }
    }
  }
}

/// A change of the reader's macros.
enum MacroChange: Equatable, Sendable {
  case keep(Macro)
  case delete(String)

  /// The macro that is changed.
  var name: String {
    switch self {
    case .keep(let macro): macro.name
    case .delete(let name): name
    }
  }

  /// Makes the change.
  func apply(to book: inout MacroBook) throws {
    switch self {
    case .keep(let macro):
      book.keep(macro)
      guard book.macros.count <= MacroBook.most else {
        throw MacroMistake(reason: "a reader has at most \(MacroBook.most) macros")
      }
    case .delete(let name): book.delete(name)
    }
  }
}

extension MacroMistake: CustomStringConvertible {
  var description: String { reason }
}

extension ReviewSource {
  /// A reader's macros.
  func macros(reader: String) throws -> MacroBook {
    let kept = try readerText(.macros, reader: reader)
    return try MacroBook(text: kept.text, file: kept.path)
  }

  /// Changes a reader's macros, and returns them as they are kept.
  func changeMacros(_ change: MacroChange, reader: String) throws -> MacroBook {
    let kept = try changeReaderText(.macros, reader: reader) { before in
      var book = try MacroBook(text: before.text, file: before.path)
      try change.apply(to: &book)
      let text = book.text
      guard (try? MacroBook(text: text, file: before.path))?.text == text else {
        throw NotReadBack()
      }
      return text
    }
    return try MacroBook(text: kept.text, file: kept.path)
  }
}
