import Foundation
import Imaging
import TestSupport

@testable import Core

/// A suite that imports what lies below its folder into its library.
protocol ImportTesting {
  var folder: TemporaryFolder { get }
  var library: URL { get }
}

extension ImportTesting {
  /// Imports paths below the test's folder.
  func run(_ paths: [String], _ options: ImportOptions = ImportOptions()) throws -> [ImportItem] {
    try Importer(library: library).run(paths.map { folder($0) }, options: options)
  }

  /// The subject that one import made.
  func subject(_ items: [ImportItem]) throws -> String {
    guard items.count == 1, case .imported(let subject) = items[0].outcome else {
      throw ReadError(path: "", problem: "\(items.map(\.text))")
    }
    return subject
  }
}
