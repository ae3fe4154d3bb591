import Foundation
import Testing

@testable import Core

@Suite("Naming vertebrae")
struct BodyNumberingTests {
  /// Bodies 18 mm apart and 14 mm tall, of which the network is sure.
  private func column(
    _ classes: [AnatomyLevel], certainty: Double = 0.9
  ) -> [BodyNumbering.Body] {
    classes.enumerated().map { index, level in
      BodyNumbering.Body(
        centreMM: Double(index) * 18, heightMM: level == .c2 ? 22 : 14,
        evidence: evidence(level, certainty: certainty), isCut: false)
    }
  }

  private func evidence(_ level: AnatomyLevel, certainty: Double) -> [Double] {
    let others = Double(AnatomyLevel.allCases.count - 1)
    return AnatomyLevel.allCases.map { log($0 == level ? certainty : (1 - certainty) / others) }
  }

  private let neck: [AnatomyLevel] = [.c2, .c3, .c4, .c5, .c6, .c7, .t1, .belowT1]

  @Test("a whole neck is named", arguments: 0..<7)
  func named(first: Int) {
    let numbering = BodyNumbering(column(Array(neck[first...])))
    // Without C2 the reader is asked, however many there are and however sure the network is.
    #expect(numbering.isTrusted == (first == 0), "\(numbering.doubts)")
    #expect(numbering.used.isEmpty == (first > 0))
    #expect(first == 0 || numbering.doubts.first?.hasPrefix("C2 with its dens") == true)
    #expect(numbering.levels.first == VertebralLevel(rawValue: first + 2))
    #expect(numbering.levels.last == .t2)
  }

  @Test("what is called C2 and is no taller than those below it is not believed, cut or not")
  func dens() {
    for height in [14.0, 18, 20, 30] {
      for isCut in [false, true] {
        var bodies = column(neck)
        bodies[0].heightMM = height
        bodies[0].isCut = isCut
        #expect(BodyNumbering(bodies).isTrusted == (height >= 20), "\(height) mm")
      }
    }
  }

  @Test("bone above C2 bears no name, and names go on to T3")
  func ends() {
    let numbering = BodyNumbering(column([.none] + neck + [.belowT1, .belowT1]))
    #expect(numbering.levels == [nil, .c2, .c3, .c4, .c5, .c6, .c7, .t1, .t2, .t3, nil])
  }

  @Test("one body that looks like its neighbour does not move the others")
  func oneWrong() {
    var bodies = column(neck)
    bodies[3].evidence = evidence(.c6, certainty: 0.9)
    let numbering = BodyNumbering(bodies)
    #expect(numbering.levels[3] == .c5 && numbering.isTrusted)
  }

  @Test("a network that cannot tell is not believed")
  func flat() {
    let flat = column(neck, certainty: 1 / Double(AnatomyLevel.allCases.count))
    #expect(BodyNumbering(flat).doubts.first?.contains("one level away") == true)
    #expect(!BodyNumbering([]).isTrusted)
  }

  @Test("a fused pair is noticed though the vertebrae below it are tall")
  func fusedAboveTall() {
    var bodies = column(neck)
    for (index, height) in [22.0, 14, 13.5, 13, 32, 15.8, 17.8, 21].enumerated() {
      bodies[index].heightMM = height
    }
    #expect(BodyNumbering(bodies).doubts.contains { $0.contains("C6 may be two vertebrae") })
    bodies[4].heightMM = 13.2
    #expect(BodyNumbering(bodies).isTrusted)
  }

  @Test("a body that is missing is noticed by the gap, though the names below fit")
  func skipped() {
    var bodies = column([.c2, .c3, .c4, .c5, .c6, .c7])
    bodies.remove(at: 3)
    let numbering = BodyNumbering(bodies)
    #expect(numbering.doubts.contains { $0.contains("missing between C4 and C5") }, "\(numbering)")
  }

  @Test("a body that was cut in two is noticed")
  func extra() {
    var bodies = column([.c2, .c3, .c4, .c4, .c5, .c6, .c7])
    for index in bodies.indices { bodies[index].centreMM = [0, 18, 33, 40, 54, 72, 90][index] }
    let numbering = BodyNumbering(bodies)
    #expect(numbering.doubts.contains { $0.contains("parts of one vertebra") }, "\(numbering)")
  }

  @Test("two bodies that are one are noticed by its height")
  func fused() {
    var bodies = column([.c2, .c3, .c4, .c6, .c7, .t1])
    bodies[2].heightMM = 32
    bodies[2].centreMM += 9
    let numbering = BodyNumbering(bodies)
    #expect(numbering.doubts.contains { $0.contains("may be two vertebrae") }, "\(numbering)")
  }

  @Test("a doubt at one end keeps the names of the other")
  func partly() {
    var bodies = column([.c2, .c3, .c4, .c5, .c6, .c7, .t1, .belowT1])
    bodies[6].heightMM = 32
    let low = BodyNumbering(bodies)
    #expect(!low.isTrusted && low.used == 0..<6, "\(low)")
    #expect(low.usedLevel(5) == .c7 && low.usedLevel(6) == nil && low.levels[6] == .t1)
    // What lies below a doubt is not counted from C2 any more.
    bodies = column(neck)
    bodies[1].heightMM = 32
    let high = BodyNumbering(bodies)
    #expect(!high.isTrusted && high.used.isEmpty, "\(high)")
    // Contradictions and a network that cannot tell touch all names.
    let flat = column(neck, certainty: 1 / Double(AnatomyLevel.allCases.count))
    #expect(BodyNumbering(flat).used.isEmpty && BodyNumbering([]).used.isEmpty)
    #expect(BodyNumbering(column(neck)).used == 0..<8)
  }

  @Test("what a reader names is taken, whatever the network says")
  func byHand() {
    let few = BodyNumbering(column([.c4, .c5, .c6]), uppermost: .c3)
    #expect(few.isTrusted && few.levels == [.c3, .c4, .c5] && few.used == 0..<3)
    // The bone above C2 is no vertebra that anybody names.
    let numbering = BodyNumbering(column([.none] + neck), uppermost: .c2)
    #expect(numbering.isTrusted && numbering.levels[0] == nil && numbering.levels[1] == .c2)
    #expect(numbering.usedLevel(0) == nil && numbering.usedLevel(1) == .c2)
    // A dens under another name is seen.
    let dens = BodyNumbering(column(neck), uppermost: .c3)
    #expect(dens.levels[0] == .c3 && dens.usedLevel(0) == nil && dens.usedLevel(1) == .c4)
    // The network that counts from the dens is not silenced.
    #expect(dens.keptDoubts.count == 1 && dens.keptDoubts[0].hasSuffix("the uppermost is C2"))
    #expect(AnatomyPainter.kept(dens).names == ["levels-doubted"])
    // It says nothing of vertebrae that ran together further down.
    var bodies = column(neck)
    bodies[6].heightMM = 32
    let low = BodyNumbering(bodies, uppermost: .c2)
    #expect(!low.isTrusted && low.used == 0..<6 && low.levels[6] == .t1)
    #expect(low.doubts == ["T1 may be two vertebrae that are fused"])
  }

  @Test("a disc is named after the body above it, unless names leave one out between both")
  func discs() {
    var numbering = BodyNumbering(column(neck))
    #expect((0..<4).map { numbering.discLevel(aboveBody: $0) } == [nil, .c2, .c3, .c4])
    numbering.used = 0..<6
    #expect(numbering.discLevel(aboveBody: 6) == .c7 && numbering.discLevel(aboveBody: 7) == nil)
    // C4 was not found between given names.
    numbering.levels.remove(at: 2)
    #expect((1..<4).map { numbering.discLevel(aboveBody: $0) } == [.c2, nil, .c5])
  }

  @Test("a trusted name is right under noise", arguments: 0..<50)
  func noise(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let first = random.below(2)
    var bodies = column(Array(neck[first...]))
    for index in bodies.indices {
      bodies[index].evidence = bodies[index].evidence.map { $0 + 1.5 * Double(random.normal()) }
      bodies[index].centreMM += 1.5 * Double(random.normal())
    }
    let numbering = BodyNumbering(bodies)
    if numbering.isTrusted {
      #expect(numbering.levels.first == VertebralLevel(rawValue: first + 2), "seed \(seed)")
    }
  }
}
