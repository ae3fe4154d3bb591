import Foundation
import Testing

@testable import Core

/// The fast paths that run on this machine.
let fastTables: [KernelTable] = KernelTable.available.filter { $0 != .scalar }
  .compactMap(KernelTable.table(for:))

/// Every path that runs on this machine.
let allTables: [KernelTable] = KernelTable.available.compactMap(KernelTable.table(for:))

/// Floats that end exactly at an unreadable page, so that reading or writing past them stops the
/// test with a fault.
final class Guarded {
  let base: UnsafeMutablePointer<Float>
  let count: Int
  private let mapping: UnsafeMutableRawPointer
  private let length: Int

  init(count: Int) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let bytes = max(count, 1) * 4
    let usable = (bytes + page - 1) / page * page
    length = usable + page
    let pages = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let pages, pages != MAP_FAILED else { preconditionFailure("no memory for a test") }
    mapping = pages
    mprotect(mapping + usable, page, PROT_NONE)
    base = (mapping + usable - bytes).bindMemory(to: Float.self, capacity: max(count, 1))
    self.count = count
  }

  convenience init(_ values: [Float]) {
    self.init(count: values.count)
    for i in values.indices { base[i] = values[i] }
  }

  deinit { munmap(mapping, length) }

  var values: [Float] { (0..<count).map { base[$0] } }
}

extension RandomSource {
  /// `count` normal numbers of the given deviation.
  mutating func normals(_ count: Int, deviation: Float = 1) -> [Float] {
    (0..<count).map { _ in normal() * deviation }
  }
}

/// The largest absolute difference; infinite where either is not a number.
func difference(_ a: [Float], _ b: [Float]) -> Float {
  precondition(a.count == b.count)
  var largest: Float = 0
  for i in a.indices {
    let d = abs(a[i] - b[i])
    if d.isNaN { return .infinity }
    largest = max(largest, d)
  }
  return largest
}

/// The largest absolute difference between Floats and their Double reference.
func difference(_ a: [Float], _ b: [Double]) -> Double {
  precondition(a.count == b.count)
  var largest = 0.0
  for i in a.indices {
    let d = abs(Double(a[i]) - b[i])
    if d.isNaN { return .infinity }
    largest = max(largest, d)
  }
  return largest
}

func bits(_ a: [Float]) -> [UInt32] { a.map(\.bitPattern) }
