import Foundation
import Testing

@testable import Imaging

@Suite struct KittyTests {
  /// The rule by which the marks were chosen, asked of Unicode as the standard library knows it.
  @Test func marksAreCombiningCharactersOfOneClass() throws {
    let marks = KittyPlaceholder.scalars
    #expect(marks.count == 297 && KittyPlaceholder.limit == 297)
    #expect(marks == marks.sorted() && Set(marks).count == 297)
    for mark in marks {
      let properties = mark.properties
      #expect(properties.canonicalCombiningClass.rawValue == 230, "\(mark.value)")
      #expect(properties.generalCategory == .nonspacingMark, "\(mark.value)")
      let age = try #require(properties.age)
      #expect(age.major < 6 || (age.major == 6 && age.minor == 0), "\(mark.value)")
    }
    // Places that kitty's own list has, at its ends and where its gaps are.
    let known: [(Int, UInt32)] = [
      (0, 0x305), (1, 0x30D), (2, 0x30E), (3, 0x310), (4, 0x312), (5, 0x33D), (30, 0x483),
      (53, 0x5C4), (54, 0x610), (296, 0x1D244),
    ]
    for (number, value) in known { #expect(marks[number].value == value, "\(number)") }
  }

  @Test func cellsNameRowThenColumnThenTheHighByte() {
    func text(_ bytes: [UInt8]) -> [UInt32] {
      String(decoding: bytes, as: UTF8.self).unicodeScalars.map(\.value)
    }
    #expect(text(KittyPlaceholder.next) == [0x10EEEE])
    #expect(text(KittyPlaceholder.cell(row: 0, column: 1)) == [0x10EEEE, 0x305, 0x30D])
    #expect(
      text(KittyPlaceholder.cell(row: 2, column: 0, highByte: 3)) == [
        0x10EEEE, 0x30E, 0x305, 0x310,
      ])
    #expect(KittyPlaceholder.cell(row: 297, column: 0).isEmpty)
    #expect(KittyPlaceholder.cell(row: 0, column: -1).isEmpty)
  }

  @Test func picturesForPlaceholdersComeInChunks() throws {
    let bytes = (0..<7001).map { UInt8(truncatingIfNeeded: $0 * 31) }
    let commands = KittyGraphics.transmit(
      base64: KittyGraphics.base64(bytes), number: 17, columns: 40, rows: 20)
    #expect(commands.count == 3)
    var data: [UInt8] = []
    for (index, command) in commands.enumerated() {
      let text = String(decoding: command, as: UTF8.self)
      let head = index == 0 ? "a=T,U=1,i=17,f=100,t=d,c=40,r=20,q=2,m=1" : "m=\(index < 2 ? 1 : 0)"
      #expect(text.hasPrefix("\u{1B}_G\(head);") && text.hasSuffix("\u{1B}\\"), "\(index)")
      let payload = command.dropFirst(head.utf8.count + 4).dropLast(2)
      #expect(payload.count <= 4096)
      data += payload
    }
    #expect(Data(base64Encoded: Data(data)) == Data(bytes))
    #expect(KittyGraphics.transmit(base64: [], number: 1, columns: 1, rows: 1).isEmpty)
  }

  @Test func tmuxGetsEveryEscapeTwice() {
    let wrapped = KittyGraphics.throughTmux(KittyGraphics.delete(number: 300))
    #expect(
      String(decoding: wrapped, as: UTF8.self)
        == "\u{1B}Ptmux;\u{1B}\u{1B}_Ga=d,d=I,i=300,q=2\u{1B}\u{1B}\\\u{1B}\\")
  }
}
