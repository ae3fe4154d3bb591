/// One data element: its tag, representation and where its value lies.
public struct DICOMElement: Sendable {
  /// What the value is made of.
  public enum Content: Sendable {
    /// Bytes at this range of the data set's bytes.
    case bytes(Range<Int>)
    /// The items of a sequence.
    case items([DICOMDataSet])
    /// The fragments of compressed pixels, the offset table first (PS3.5 section A.4).
    case fragments([Range<Int>])
  }

  /// The tag.
  public let tag: DICOMTag
  /// The representation, stated or from the dictionary.
  public let vr: DICOMVR
  /// The offset of the tag in the (expanded) file.
  public let offset: Int
  /// What the value is made of.
  public let content: Content
  /// Bytes that the stated length has and the file has not; 0 but for truncated pixels.
  public let missingBytes: Int

  init(
    tag: DICOMTag, vr: DICOMVR, offset: Int, content: Content, missingBytes: Int = 0
  ) {
    self.tag = tag
    self.vr = vr
    self.offset = offset
    self.content = content
    self.missingBytes = missingBytes
  }
}
