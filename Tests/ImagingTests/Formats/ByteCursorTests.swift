import Imaging
import Testing

@Suite struct ByteCursorTests {
  let bytes: [UInt8] = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x88]

  @Test func readsBothOrders() throws {
    let little = ByteCursor(bytes, order: .little)
    let big = ByteCursor(bytes, order: .big)
    #expect(try little.get(at: 1, as: UInt16.self) == 0x0302)
    #expect(try big.get(at: 1, as: UInt16.self) == 0x0203)
    #expect(try little.get(at: 0, as: Int64.self) == Int64(bitPattern: 0x8807_0605_0403_0201))
    #expect(try big.get(at: 4, as: UInt32.self) == 0x0506_0788)
    #expect(try big.get(at: 7, as: Int8.self) == -120)
  }

  @Test func readsFloats() throws {
    let one: [UInt8] = [0x3F, 0x80, 0, 0, 0x3F, 0xF8, 0, 0, 0, 0, 0, 0]
    let cursor = ByteCursor(one, order: .big)
    #expect(try cursor.getFloat32(at: 0) == 1)
    #expect(try cursor.getFloat64(at: 4) == 1.5)
  }

  @Test func readingAdvancesOnlyOnSuccess() throws {
    var cursor = ByteCursor(bytes, path: "f", order: .big)
    #expect(try cursor.read(UInt16.self) == 0x0102)
    #expect(try cursor.readBytes(5).elementsEqual([3, 4, 5, 6, 7]))
    #expect(cursor.remaining == 1)
    let error = #expect(throws: ReadError.self) { try cursor.read(UInt16.self, field: "size") }
    #expect(error?.offset == 7)
    #expect(error?.field == "size")
    #expect(error?.path == "f")
    #expect(cursor.position == 7)
    try cursor.seek(to: 8)
    #expect(cursor.remaining == 0)
    #expect(throws: ReadError.self) { try cursor.seek(to: 9) }
    #expect(throws: ReadError.self) { try cursor.seek(to: -1) }
  }

  @Test(arguments: [
    (-1, 1), (0, 9), (8, 1), (9, 0), (Int.max, 1), (1, Int.max), (Int.min, Int.min), (4, -1),
  ])
  func everyPlaceOutsideIsAnError(offset: Int, count: Int) {
    let cursor = ByteCursor(bytes, order: .little)
    #expect(throws: ReadError.self) { try cursor.getBytes(at: offset, count: count) }
  }

  @Test func textEndsAtNULAndToleratesBadUTF8() throws {
    let cursor = ByteCursor([0x41, 0xFF, 0x42, 0, 0x43], order: .little)
    #expect(try cursor.getText(at: 0, count: 5) == "A\u{FFFD}B")
    #expect(try cursor.getText(at: 4, count: 1) == "C")
  }
}
