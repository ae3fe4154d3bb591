import Foundation
import Imaging

/// The words after the subcommand, taken apart by its options.
struct Arguments {
  /// Words that are not options, in order.
  private(set) var operands: [String] = []
  private var values: [String: String] = [:]
  private var flags: Set<String> = []

  /// A mistake in how the program was called.
  struct UsageError: Error {
    let message: String
  }

  /// Takes the words apart; `--name value` and `--name=value` mean the same, `--` ends options.
  init(_ words: [String], options: [Option]) throws {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        operands += rest
        break
      }
      guard word.hasPrefix("--") else {
        // Files whose names begin with a dash come after "--".
        guard !word.hasPrefix("-") || word == "-" else {
          throw Self.unknown(word, among: options)
        }
        operands.append(word)
        continue
      }
      let parts = word.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard let option = options.first(where: { $0.name == name }) else {
        throw Self.unknown("--\(name)", among: options)
      }
      guard option.value != nil else {
        guard parts.count == 1 else { throw UsageError(message: "--\(name) takes no value") }
        flags.insert(name)
        continue
      }
      guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
        throw UsageError(message: "--\(name) needs a value")
      }
      values[name] = value
    }
  }

  private static func unknown(_ word: String, among options: [Option]) -> UsageError {
    UsageError(
      message: UnknownWord.refusal(
        "unknown option", word, known: options.map(\.name) + ["help"], dashes: "--"))
  }

  /// Whether a switch was given.
  func has(_ name: String) -> Bool { flags.contains(name) }

  /// The text of an option, if given.
  func text(_ name: String) -> String? { values[name] }

  /// The whole number of an option, or a default; refuses other text and values out of range.
  func integer<T: FixedWidthInteger>(
    _ name: String, default fallback: T, in range: ClosedRange<T>
  ) throws -> T {
    guard let text = values[name] else { return fallback }
    guard let number = T(text), range.contains(number) else {
      throw UsageError(
        message: "--\(name) takes a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The number of an option, or `nil`; refuses text and values out of range.
  func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let text = values[name] else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw UsageError(
        message: "--\(name) takes a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// The value of an option that is one of a few words.
  func choice<T: RawRepresentable & CaseIterable>(_ name: String, default fallback: T) throws -> T
  where T.RawValue == String {
    guard let text = values[name] else { return fallback }
    guard let value = T(rawValue: text) else {
      let words = T.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError(message: "--\(name) takes one of: \(words)")
    }
    return value
  }

  /// The single operand, named in the message when it is missing or not alone.
  func onlyOperand(_ what: String) throws -> String {
    guard operands.count == 1, let first = operands.first else {
      throw UsageError(
        message: operands.isEmpty ? "\(what) is missing" : "only one \(what) can be given")
    }
    return first
  }

  /// A path option as a URL, if given.
  ///
  /// - Throws: `UsageError` when the path is empty, `NoCurrentFolder`.
  func url(_ name: String) throws -> URL? {
    try values[name].map { try Self.url($0, named: "--\(name)") }
  }

  /// The single operand as a path.
  ///
  /// - Throws: `UsageError` when it is missing, empty or not alone; `NoCurrentFolder`.
  func onlyPath(_ what: String) throws -> URL { try Self.url(onlyOperand(what), named: what) }

  /// All operands as paths.
  ///
  /// - Throws: `UsageError` when one is empty, `NoCurrentFolder`.
  func paths(_ what: String) throws -> [URL] {
    try operands.map { try Self.url($0, named: what) }
  }

  private static func url(_ path: String, named what: String) throws -> URL {
    // Foundation would take an empty path for the current folder.
    guard !path.isEmpty else { throw UsageError(message: "\(what) is an empty path") }
    guard path.hasPrefix("/") || hasCurrentFolder else { throw NoCurrentFolder(path: path) }
    return URL(fileURLWithPath: path)
  }

  /// Whether relative paths lead anywhere; Linux names an unreachable folder "(unreachable)/...".
  private static var hasCurrentFolder: Bool {
    guard let path = getcwd(nil, 0) else { return false }
    defer { free(path) }
    return path[0] == UInt8(ascii: "/")
  }

  /// A path that begins in a current folder that was deleted.
  struct NoCurrentFolder: Error, CustomStringConvertible {
    let path: String
    var description: String {
      "\(path.cleaned): the current folder does not exist any more; change to another folder or "
        + "give the whole path"
    }
  }
}
