/// The elements of a file's data set, or of an item of a sequence in it.
///
/// Values are read when asked for; nothing throws: what is absent or malformed is `nil` or empty, and
/// who needs it says so with the tag. Texts are decoded by the character sets in force, then cleaned
/// of control characters.
public struct DICOMDataSet: Sendable {
  /// The file's path, for errors.
  public let path: String
  /// The byte order of numbers.
  public let order: ByteOrder
  /// The (expanded) bytes of the whole file; shared, not copied.
  let bytes: [UInt8]
  /// The character sets in force: the item's own, else those around it.
  var characterSets: DICOMCharacterSets
  /// The elements by tag.
  public internal(set) var elements: [DICOMTag: DICOMElement] = [:]

  init(path: String, order: ByteOrder, bytes: [UInt8], characterSets: DICOMCharacterSets) {
    self.path = path
    self.order = order
    self.bytes = bytes
    self.characterSets = characterSets
  }

  /// The element with a tag, or `nil`.
  public subscript(tag: DICOMTag) -> DICOMElement? { elements[tag] }

  /// The value's bytes as they are in the file; `nil` for absent elements, sequences and fragments.
  public func rawBytes(_ tag: DICOMTag) -> ArraySlice<UInt8>? {
    guard case .bytes(let range)? = elements[tag]?.content else { return nil }
    return bytes[range]
  }

  /// The items of a sequence; empty when it is absent or none.
  public func items(_ tag: DICOMTag) -> [DICOMDataSet] {
    guard case .items(let items)? = elements[tag]?.content else { return [] }
    return items
  }

  /// An error at an element of this data set.
  func error(_ tag: DICOMTag, _ problem: String, advice: String? = nil) -> ReadError {
    ReadError(
      path: path, field: tag.description, offset: elements[tag]?.offset, problem: problem,
      advice: advice)
  }
}
