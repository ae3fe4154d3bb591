import Synchronization
import Testing

@testable import Core

@Suite struct ThreadTeamTests {
  @Test(arguments: [0, 1, 2, 3, 8])
  func everyIndexOnceAndWorkersApart(threads: Int) {
    let team = ThreadTeam(threads: threads)
    for count in [0, 1, 2, 7, 100] {
      let seen = Mutex([Int](repeating: 0, count: count))
      let busy = Mutex(Set<Int>())
      team.forEach(count) { index, worker in
        #expect(busy.withLock { $0.insert(worker).inserted }, "worker \(worker) overlaps")
        #expect(worker >= 0 && worker < team.threads)
        seen.withLock { $0[index] += 1 }
        _ = busy.withLock { $0.remove(worker) }
      }
      #expect(seen.withLock { $0.allSatisfy { $0 == 1 } }, "\(threads) threads, \(count)")
    }
  }

  @Test func slicesCoverTheWhole() {
    for count in [0, 1, 5, 12, 100, 1025] {
      for parts in 1...9 {
        for step in [1, 6, 16] {
          var next = 0
          for part in 0..<parts {
            let slice = ThreadTeam.slice(of: count, part: part, parts: parts, step: step)
            #expect(slice.lowerBound == next)
            #expect(slice.lowerBound % step == 0 || slice.lowerBound == count)
            next = slice.upperBound
          }
          #expect(next == count)
        }
      }
    }
  }

  @Test func buffersAreAlignedAndZero() {
    for count in [0, 1, 1000] {
      let buffer = AlignedBuffer(count: count)
      #expect(UInt(bitPattern: buffer.base) % 64 == 0)
      #expect(buffer.values == [Float](repeating: 0, count: count))
    }
    #expect(AlignedBuffer([1, 2, 3]).values == [1, 2, 3])
  }
}
