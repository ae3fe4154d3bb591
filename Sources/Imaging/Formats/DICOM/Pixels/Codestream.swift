/// The compressed bytes of one frame, and how errors in them are told.
struct Codestream {
  /// The bytes, fragments joined.
  let bytes: [UInt8]
  /// The file's path.
  let path: String
  /// Where the frame begins in the file.
  let fileOffset: Int
  /// The frame's number from 0.
  let frame: Int

  /// An error in the compressed pixels.
  func error(_ problem: String, advice: String = "copy the file again") -> ReadError {
    ReadError(
      path: path, field: DICOMTag.pixelData.description + " frame \(frame + 1)",
      offset: fileOffset, problem: problem, advice: advice)
  }

  /// The error of a stream that ends before the picture does.
  var truncated: ReadError { error("compressed pixels end before the picture does") }
  /// The error of a stream that cannot be right.
  func damaged(_ what: String) -> ReadError { error("compressed pixels are damaged: \(what)") }
}
