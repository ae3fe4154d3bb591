internal import Core
public import Foundation

/// Why a file of keys cannot be used.
public struct KeysFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file's path.
  public let file: String
  /// The line, from 1; `nil` where the whole file is meant.
  public let line: Int?
  /// What is wrong, and what to do.
  public let reason: String

  /// The error in words: "FILE:LINE: reason".
  public var description: String {
    DisplayText.clean("\(file):\(line.map { "\($0):" } ?? "") \(reason)")
  }
}

extension KeyMap {
  /// The largest file of keys that is read, in bytes.
  static let largestFile = 65_536

  /// Reads keys from a file of lines `command = key [key ...]`; commands that it does not name keep
  /// theirs.
  ///
  /// - Throws: ``KeysFileError`` with file and line for an unknown command or key, a command set
  ///   twice, a key with two meanings on one screen or that means something there by itself, or a way
  ///   out that would have no key.
  public init(file: URL) throws {
    let name = file.path
    let real = file.resolvingSymlinksInPath()
    let kind =
      try? FileManager.default.attributesOfItem(atPath: real.path)[.type] as? FileAttributeType
    guard let kind else { throw KeysFileError(file: name, line: nil, reason: "does not exist") }
    guard kind == .typeRegular else {
      throw KeysFileError(file: name, line: nil, reason: "is no plain file")
    }
    guard let handle = try? FileHandle(forReadingFrom: real),
      let data = try? handle.read(upToCount: Self.largestFile + 1) ?? Data()
    else {
      throw KeysFileError(file: name, line: nil, reason: "cannot be read: see its permissions")
    }
    try? handle.close()
    guard data.count <= Self.largestFile else {
      let reason = "is larger than \(Self.largestFile) bytes: it is no file of keys"
      throw KeysFileError(file: name, line: nil, reason: reason)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw KeysFileError(file: name, line: nil, reason: "is no UTF-8 text")
    }
    try self.init(text: text, file: name)
  }

  /// Reads keys from the text of a file.
  init(text: String, file: String) throws {
    var reader = KeysFileReader(file: file)
    let text = text.hasPrefix("\u{feff}") ? String(text.unicodeScalars.dropFirst()) : text
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() { try reader.take(String(line), number: index + 1) }
    self.init(try reader.finished())
  }

  /// The keys as a file that can be edited and read back.
  public func fileText() -> String {
    var lines = [
      "# Keys of Cordscope: COMMAND = KEY [KEY ...]; the first key is the one that is shown.",
      "# Lines that begin with # are remarks. Commands left out keep their keys; with nothing after",
      "# the = a command has none and is run from the list of commands. Keys are characters as typed,",
      "# Space Enter Tab Shift-Tab Backspace Esc Up Down Left Right Home End PgUp PgDn Ins Del F1...F12,",
      "# Ctrl-x and Alt-x; Shift- Ctrl- Alt- before arrows and the keys beside them.",
    ]
    var context: KeyContext?
    for binding in bindings {
      if binding.context != context {
        context = binding.context
        lines += ["", "# ---- \(binding.context.title) ----"]
      }
      lines += ["", "# \(binding.text)"]
      let keys = binding.keys.map { " \($0.name)" }.joined()
      lines.append("\(KeysFileReader.name(of: binding)) =\(keys)")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Puts the lines of a file of keys into the registry's bindings.
struct KeysFileReader {
  let file: String
  private var bindings = KeyBindings.all
  /// The line that set a binding, by the binding's place.
  private var lines: [Int: Int] = [:]

  init(file: String) { self.file = file }

  /// "accept"; "study.back" for a command that several contexts have, and for those of popups, so that a
  /// word alone goes on meaning what it meant in older files.
  static func name(of binding: KeyBinding) -> String {
    let others = KeyBindings.all.count {
      $0.command == binding.command && $0.context != binding.context && !$0.context.isOfPopup
    }
    let isAlone = others == 0 && !binding.context.isOfPopup
    return isAlone ? binding.command.word : "\(binding.context.rawValue).\(binding.command.word)"
  }

  private func error(_ line: Int, _ reason: String) -> KeysFileError {
    KeysFileError(file: file, line: line, reason: reason)
  }

  /// Takes one line in.
  mutating func take(_ line: String, number: Int) throws {
    let line = line.trimmingCharacters(in: .whitespaces)
    if line.isEmpty || line.hasPrefix("#") { return }
    guard let equals = line.firstIndex(of: "=") else {
      throw error(number, "a line is COMMAND = KEY [KEY ...], or a remark after #")
    }
    let name = line[..<equals].trimmingCharacters(in: .whitespaces)
    let place = try place(of: name, number)
    if let first = lines[place] {
      throw error(
        number, "\(name) is set twice, first in line \(first): leave one of the lines out")
    }
    lines[place] = number
    var keys: [KeyPress] = []
    for word in line[line.index(after: equals)...].split(whereSeparator: \.isWhitespace) {
      do {
        let key = try KeyPress(named: String(word))
        guard !keys.contains(key) else { throw KeyNameError(reason: "\(word) stands twice here") }
        if let use = bindings[place].context.ownUse(of: key) {
          throw KeyNameError(reason: "\(word) \(use): give it another key, such as F5")
        }
        keys.append(key)
      } catch let wrong as KeyNameError {
        throw error(number, "\(name): \(wrong.reason)")
      }
    }
    if keys.isEmpty, bindings[place].isWayOut {
      throw error(number, "\(name) is a way out and needs a key")
    }
    bindings[place].keys = keys
  }

  /// The place of a command in the registry.
  private func place(of name: String, _ number: Int) throws -> Int {
    let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let all = Command(word: String(parts.last ?? "")).map { command in
      bindings.indices.filter { bindings[$0].command == command }
    }
    guard let all, let first = all.first else {
      let shown = DisplayText.fit(name, 40)
      throw error(number, "there is no command \"\(shown)\": `cordscope keys` lists all")
    }
    let word = bindings[first].command.word
    let names = all.map { "\(bindings[$0].context.rawValue).\(word)" }.joined(separator: " or ")
    if parts.count == 2 {
      guard let found = all.first(where: { bindings[$0].context.rawValue == parts[0] }) else {
        let shown = DisplayText.fit(String(parts[0]), 40)
        throw error(number, "\(word) is no command of \"\(shown)\": write \(names)")
      }
      return found
    }
    let onScreens = all.filter { !bindings[$0].context.isOfPopup }
    let meant = onScreens.isEmpty ? all : onScreens
    guard meant.count == 1 else {
      throw error(number, "\(word) is a command in several places: write \(names)")
    }
    return meant[0]
  }

  /// The bindings, when no key means two things on one screen.
  func finished() throws -> [KeyBinding] {
    for context in KeyContext.allCases {
      var owners: [KeyPress: Int] = [:]
      for (place, binding) in bindings.enumerated()
      where binding.context == context
        || binding.context == .everywhere && !context.isOfPopup
      {
        for key in binding.keys {
          guard let other = owners.updateValue(place, forKey: key) else { continue }
          throw clash(key, other, place, context)
        }
      }
    }
    return bindings
  }

  private func clash(
    _ key: KeyPress, _ one: Int, _ other: Int, _ context: KeyContext
  ) -> KeysFileError {
    // The later line is to blame; what the file does not name has its keys by default.
    let (first, second) = (lines[one] ?? 0) > (lines[other] ?? 0) ? (other, one) : (one, other)
    let whence = lines[first].map { "line \($0)" } ?? "by default"
    return error(
      lines[second] ?? 1,
      "\(Self.name(of: bindings[second])): \(key.name) is already the key of "
        + "\(Self.name(of: bindings[first])) (\(whence)) where both are valid "
        + "(\(context.rawValue)): give one of them another key")
  }
}
