internal import Imaging

extension SliceView {
  /// The same as a draft that has the bytes of a screen's drafts for itself; `nil` where that would not be
  /// shorter.
  var draft: SliceView? { draft(within: PictureDraft.mostBytes) }

  /// The same as a draft of so many bytes at most; `nil` where that would not be shorter.
  func draft(within bytes: Int) -> SliceView? {
    guard canvas.hasDrafts else { return nil }
    var draft = self
    draft.isDraft = true
    draft.mostBytes = bytes
    return draft
  }

  /// Draws the picture for a moment.
  func drawDraft(_ source: PictureSource) -> PictureDraft {
    PictureDraft.draw(request(source), on: canvas, within: mostBytes) {
      palette(source, greys: $0)
    }
  }
}

extension BesideView {
  /// The same as a draft of so many bytes at most; `nil` where that would not be shorter.
  func draft(within bytes: Int) -> BesideView? {
    guard canvas.hasDrafts else { return nil }
    var draft = self
    draft.isDraft = true
    draft.mostBytes = bytes
    return draft
  }
}
