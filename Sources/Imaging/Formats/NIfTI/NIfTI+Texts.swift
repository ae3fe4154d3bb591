extension NIfTI {
  /// An uncompressed `.nii` file without what programs and people write beside the picture: the texts of
  /// the header, extensions, and what follows the last voxel. They hold names, dates and paths.
  ///
  /// Voxels with their type and scaling, geometry and all offsets stay as they are to the bit; of a file
  /// without such texts every byte.
  /// - Throws: `ReadError` when the bytes are no NIfTI file in one piece.
  public static func withoutTexts(_ bytes: [UInt8], path: String = "") throws -> [UInt8] {
    let header = try NIfTIHeader.parse(bytes, path: path)
    let layout = try header.layout(path: path)
    guard !header.isPair, layout.endOffset <= bytes.count else {
      throw ReadError(path: path, problem: "is no NIfTI file in one piece")
    }
    var result = bytes
    // The four bytes behind the header say whether extensions follow.
    let extensions = header.version.headerSize..<layout.dataOffset
    for range in textRanges(header.version) + [extensions] {
      for n in range { result[n] = 0 }
    }
    result.removeLast(result.count - layout.endOffset)
    return result
  }

  /// Where texts lie in a header (nifti1.h, nifti2.h): `data_type`, `db_name`, `descrip`, `aux_file` and
  /// `intent_name`; NIfTI-2 has none of the first two and unused bytes at its end.
  private static func textRanges(_ version: NIfTIHeader.Version) -> [Range<Int>] {
    switch version {
    case .nifti1: [4..<32, 148..<252, 328..<344]
    case .nifti2: [240..<344, 508..<524, 525..<540]
    }
  }
}
